"""``/customers``: who asks most; ``/customers/SOURCE:ID``: one with tickets, ratings and what the account pays."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.answers.customers import MOST_TICKETS, ORDERS
from deskpulse.present.comments import comment_rows
from deskpulse.present.customers import customer_rows, worth_words
from deskpulse.present.paging import Paging
from deskpulse.present.tickets import ticket_rows
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.customers import customer, find_customers

router = APIRouter()


@router.get("/customers", response_class=HTMLResponse)
def customers(
    view: Annotated[View, Depends(view)], words: str = "", sort: str = MOST_TICKETS, page: int = 1
) -> HTMLResponse:
    """Customers with tickets in the page's period, those with most first."""
    paging = Paging(page=page)
    found = find_customers(view.place, view.asked, words=words, order=sort, most=paging.size, after=paging.after)
    return view.page(
        "customers.html",
        rows=customer_rows(found.rows, view.zone),
        words=words,
        sort=sort,
        orders=ORDERS,
        paging=paging.of(found.total),
    )


@router.get("/customers/{name:path}", response_class=HTMLResponse)
def one(view: Annotated[View, Depends(view)], name: str, page: int = 1) -> HTMLResponse:
    """One customer over all time, as far as the viewer may see it."""
    paging = Paging(page=page)
    found = customer(view.place, name, most=paging.size, after=paging.after)
    return view.page(
        "customer.html",
        one=customer_rows((found.summary,), view.zone)[0],
        rows=ticket_rows(found.tickets.rows, names=view.viewer.sees_names, zone=view.zone),
        comments=comment_rows(found.comments, view.zone),
        worth=worth_words(found.worth, view.place.settings.money.currency, view.zone),
        paging=paging.of(found.tickets.total),
    )
