"""Whether the links in emails that were sent can still be repeated: a check of doctor that looks into the tables."""

from emails.links import LinkKeys
from runtime.health_finding import HealthFinding
from runtime.settings import Settings
from storage import links
from storage.database import DATABASE_ERRORS, open_pool

_ADVICE = (
    "Put the key that was used before behind the new one in MILE_LINK_SECRET, or see which there are: mile links keys"
)


async def check_link_keys(settings: Settings) -> list[HealthFinding]:
    """Check that the key of every link that works is among the settings.

    Links are found by their hash, so those in old emails go on; an email that is written again would not have them.
    """
    try:
        async with open_pool(settings.database_url.get_secret_value(), size=1) as pool:
            counts = await links.count_by_key(pool)
    except DATABASE_ERRORS:
        return [HealthFinding("Link keys", False, "not checked: no tables", "Start PostgreSQL, and run: mile migrate")]
    ours = {key.id for key in LinkKeys(settings).all}
    unknown = {key: count for key, count in counts.items() if key not in ours}
    if not unknown:
        return [HealthFinding("Link keys", True, "every link was made with a key of the settings")]
    found = f"{sum(unknown.values())} links were made with a key that is not in the settings"
    return [HealthFinding("Link keys", False, found, _ADVICE)]
