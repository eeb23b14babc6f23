"""The days that a program can mean."""

from datetime import date
from typing import Annotated

from pydantic import Field

# A browser's field for a day makes 0026 of a year typed as 26; far years would end in days that no calendar has.
YEARS = range(2000, 2101)
Day = Annotated[date, Field(ge=date(YEARS.start, 1, 1), le=date(YEARS.stop - 1, 12, 31))]
