"""The names Ruby on Rails gives to time zones, and so Zendesk, by their IANA name."""

from __future__ import annotations

_BY_REGION = {
    "Etc": {"International Date Line West": "GMT+12", "UTC": "UTC"},
    "Pacific": {
        "American Samoa": "Pago_Pago", "Midway Island": "Midway", "Hawaii": "Honolulu", "Guam": "Guam",
        "Port Moresby": "Port_Moresby", "Solomon Is.": "Guadalcanal", "New Caledonia": "Noumea", "Fiji": "Fiji",
        "Marshall Is.": "Majuro", "Auckland": "Auckland", "Wellington": "Auckland", "Nuku'alofa": "Tongatapu",
        "Tokelau Is.": "Fakaofo", "Chatham Is.": "Chatham", "Samoa": "Apia",
    },
    "America": {
        "Alaska": "Juneau", "Pacific Time (US & Canada)": "Los_Angeles", "Tijuana": "Tijuana",
        "Mountain Time (US & Canada)": "Denver", "Arizona": "Phoenix", "Chihuahua": "Chihuahua", "Mazatlan": "Mazatlan",
        "Central Time (US & Canada)": "Chicago", "Saskatchewan": "Regina", "Guadalajara": "Mexico_City",
        "Mexico City": "Mexico_City", "Monterrey": "Monterrey", "Central America": "Guatemala",
        "Eastern Time (US & Canada)": "New_York", "Indiana (East)": "Indiana/Indianapolis", "Bogota": "Bogota",
        "Lima": "Lima", "Quito": "Lima", "Atlantic Time (Canada)": "Halifax", "Caracas": "Caracas", "La Paz": "La_Paz",
        "Santiago": "Santiago", "Asuncion": "Asuncion", "Newfoundland": "St_Johns", "Brasilia": "Sao_Paulo",
        "Buenos Aires": "Argentina/Buenos_Aires", "Montevideo": "Montevideo", "Georgetown": "Guyana",
        "Puerto Rico": "Puerto_Rico", "Greenland": "Nuuk",
    },
    "Atlantic": {"Mid-Atlantic": "South_Georgia", "Azores": "Azores", "Cape Verde Is.": "Cape_Verde"},
    "Europe": {
        "Dublin": "Dublin", "Edinburgh": "London", "Lisbon": "Lisbon", "London": "London", "Belgrade": "Belgrade",
        "Bratislava": "Bratislava", "Budapest": "Budapest", "Ljubljana": "Ljubljana", "Prague": "Prague",
        "Sarajevo": "Sarajevo", "Skopje": "Skopje", "Warsaw": "Warsaw", "Zagreb": "Zagreb", "Brussels": "Brussels",
        "Copenhagen": "Copenhagen", "Madrid": "Madrid", "Paris": "Paris", "Amsterdam": "Amsterdam", "Berlin": "Berlin",
        "Bern": "Zurich", "Zurich": "Zurich", "Rome": "Rome", "Stockholm": "Stockholm", "Vienna": "Vienna",
        "Bucharest": "Bucharest", "Helsinki": "Helsinki", "Kyiv": "Kiev", "Riga": "Riga", "Sofia": "Sofia",
        "Tallinn": "Tallinn", "Vilnius": "Vilnius", "Athens": "Athens", "Istanbul": "Istanbul", "Minsk": "Minsk",
        "Kaliningrad": "Kaliningrad", "Moscow": "Moscow", "St. Petersburg": "Moscow", "Volgograd": "Volgograd",
        "Samara": "Samara",
    },
    "Africa": {
        "Casablanca": "Casablanca", "Monrovia": "Monrovia", "West Central Africa": "Algiers", "Cairo": "Cairo",
        "Harare": "Harare", "Pretoria": "Johannesburg", "Nairobi": "Nairobi",
    },
    "Asia": {
        "Jerusalem": "Jerusalem", "Kuwait": "Kuwait", "Riyadh": "Riyadh", "Baghdad": "Baghdad", "Tehran": "Tehran",
        "Abu Dhabi": "Muscat", "Muscat": "Muscat", "Baku": "Baku", "Tbilisi": "Tbilisi", "Yerevan": "Yerevan",
        "Kabul": "Kabul", "Ekaterinburg": "Yekaterinburg", "Islamabad": "Karachi", "Karachi": "Karachi",
        "Tashkent": "Tashkent", "Chennai": "Kolkata", "Kolkata": "Kolkata", "Mumbai": "Kolkata", "New Delhi": "Kolkata",
        "Kathmandu": "Kathmandu", "Astana": "Almaty", "Almaty": "Almaty", "Dhaka": "Dhaka",
        "Sri Jayawardenepura": "Colombo", "Novosibirsk": "Novosibirsk", "Rangoon": "Rangoon", "Bangkok": "Bangkok",
        "Hanoi": "Bangkok", "Jakarta": "Jakarta", "Krasnoyarsk": "Krasnoyarsk", "Beijing": "Shanghai",
        "Chongqing": "Chongqing", "Hong Kong": "Hong_Kong", "Urumqi": "Urumqi", "Kuala Lumpur": "Kuala_Lumpur",
        "Singapore": "Singapore", "Taipei": "Taipei", "Irkutsk": "Irkutsk", "Ulaanbaatar": "Ulaanbaatar",
        "Osaka": "Tokyo", "Sapporo": "Tokyo", "Tokyo": "Tokyo", "Seoul": "Seoul", "Yakutsk": "Yakutsk",
        "Vladivostok": "Vladivostok", "Magadan": "Magadan", "Srednekolymsk": "Srednekolymsk", "Kamchatka": "Kamchatka",
    },
    "Australia": {
        "Perth": "Perth", "Darwin": "Darwin", "Adelaide": "Adelaide", "Brisbane": "Brisbane", "Canberra": "Melbourne",
        "Melbourne": "Melbourne", "Sydney": "Sydney", "Hobart": "Hobart",
    },
}  # fmt: skip

ZONES = {name: f"{region}/{city}" for region, cities in _BY_REGION.items() for name, city in cities.items()}
