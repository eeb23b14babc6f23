"""The environment and filters of templates of emails and pages: days, times and addresses as people read them."""

from collections.abc import MutableMapping, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from domain import formatting
from domain.kickoff.rsvp import half_day_hours
from domain.languages import direction, gettext, language, ngettext, pgettext
from schemas.cohort.settings import HalfDay


class TemplateEnvironment(Environment):
    """Templates whose globals are those of the environment."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals themselves: Jinja's chain of two is copied eight times for an email, and slowly."""
        return self.globals if d is None else super().make_globals(d)


def add_filters(environment: Environment) -> None:
    """Add the filters to a template environment.

    They write in the locale of the template's ``cohort``, and leave the year out where the template's ``written_on``
    makes it clear. Texts are looked up in the reader's language, for which templates have ``{% trans %}``.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals |= {"language": language, "direction": direction}
    environment.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    # Nearly each sentence is a message: Jinja's own function goes through the context once more for each of them.
    environment.globals["gettext"] = _gettext
    environment.filters |= {
        "format_day": _format_day,
        "format_weekday": _format_weekday,
        "format_time": _format_time,
        "format_list": _format_list,
        "format_moment": _format_moment,
        "half_day_hours": _half_day_hours,
        "mailto": mailto,
        "mail_link": mail_link,
        "strong": strong,
    }


def mailto(address: str) -> str:
    """Return the link that writes to an address and to nobody else, whatever characters the address has (RFC 6068)."""
    return f"mailto:{quote(address, safe='@.+-_')}"


def mail_link(address: str) -> Markup:
    """Return an address as the link that writes to it."""
    return Markup('<a href="{}">{}</a>').format(mailto(address), address)


def strong(text: str) -> Markup:
    """Return a value that stands out in its sentence, which is then the same message in text and HTML."""
    return Markup("<strong>{}</strong>").format(text)


@pass_eval_context
def _gettext(eval_context: EvalContext, message: str, **values: object) -> str:
    text = gettext(message)
    # Our own words, as they are in the catalogs; the values in them are escaped.
    return (Markup(text) if eval_context.autoescape else text) % values  # noqa: S704


@pass_context
def _format_day(context: Context, day: date) -> str:
    return formatting.format_day(day, _locale(context), today=_today(context))


@pass_context
def _format_weekday(context: Context, day: date) -> str:
    return formatting.format_weekday(day, _locale(context), today=_today(context))


@pass_context
def _format_time(context: Context, at: time) -> str:
    return formatting.format_time(at, _locale(context))


@pass_context
def _format_list(context: Context, items: Sequence[str]) -> str:
    return formatting.format_list(items, _locale(context))


@pass_context
def _format_moment(context: Context, moment: datetime) -> str:
    return formatting.format_moment(moment, context["cohort"].time_zone, _locale(context))


@pass_context
def _half_day_hours(context: Context, half: HalfDay) -> str:
    return half_day_hours(half, _locale(context))


def _locale(context: Context) -> str:
    cohort = context.get("cohort")
    return cohort.locale if cohort else formatting.DEFAULT_LOCALE


def _today(context: Context) -> date | None:
    written_on: date | None = context.get("written_on")
    return written_on
