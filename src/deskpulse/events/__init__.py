"""The canonical model: every event table by name."""

from deskpulse.events.business import revenue_month, spend_month, subscription_change
from deskpulse.events.call import call, call_interval, call_leg
from deskpulse.events.change import change
from deskpulse.events.knowledge import article, article_event, review
from deskpulse.events.message import message
from deskpulse.events.model import Column, EventTable
from deskpulse.events.people import agent_state, customer, customer_segment, engagement_answer, membership, person
from deskpulse.events.record import annotation, policy_target
from deskpulse.events.survey import survey
from deskpulse.events.ticket import ticket

EVENT_TABLES: dict[str, EventTable] = {
    table.name: table
    for table in (
        ticket,
        message,
        change,
        policy_target,
        survey,
        call,
        call_leg,
        call_interval,
        person,
        membership,
        customer,
        customer_segment,
        agent_state,
        engagement_answer,
        article,
        article_event,
        review,
        subscription_change,
        spend_month,
        revenue_month,
        annotation,
    )
}

__all__ = ["EVENT_TABLES", "Column", "EventTable"]
