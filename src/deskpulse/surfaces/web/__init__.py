"""The pages of the dashboard. Every page is a GET whose address holds all that was chosen."""
