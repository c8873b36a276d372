"""Writes published_workdays.csv and published_due.csv, the measure that tests/calendar.rs holds our calendar to.

The flags come from PyPI chinesecalendar 1.11.0 (MIT) and are compared here with npm chinese-days 1.5.7 (MIT): both
agree on every day of 2020-2026. The due dates are walked day by day with chinesecalendar's own is_workday.

    pip install chinesecalendar==1.11.0 && npm pack chinese-days@1.5.7 && tar xzf chinese-days-1.5.7.tgz
    python3 published_calendar.py package/dist/chinese-days.json
"""

import calendar
import datetime
import json
import pathlib
import random
import sys

from chinese_calendar import is_workday

HERE = pathlib.Path(__file__).parent
FIRST, LAST = datetime.date(2020, 1, 1), datetime.date(2026, 12, 31)
ONE_DAY = datetime.timedelta(days=1)


def days(first, last):
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def agree(path):
    other = json.loads(pathlib.Path(path).read_text("utf-8"))
    for day in days(FIRST, LAST):
        text = day.isoformat()
        there = text in other["workdays"] or (text not in other["holidays"] and day.weekday() < 5)
        assert there == is_workday(day), day


def run_on(day):
    while not is_workday(day):
        day += ONE_DAY
    return day


def working_days(start, count):
    day = start
    while count:
        day += ONE_DAY
        count -= is_workday(day)
    return run_on(day)


def calendar_days(start, count):
    return run_on(start + ONE_DAY * count)


def months(start, count):
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return run_on(datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])))


def draw(kind, reckon, lengths, count, dice):
    rows = []
    while len(rows) < count:
        start = FIRST + ONE_DAY * dice.randrange((LAST - FIRST).days)
        length = dice.choice(lengths)
        try:
            rows.append(f"{kind},{start},{length},{reckon(start, length)}\n")
        except NotImplementedError:  # beyond 2026: nothing published yet
            continue
    return rows


agree(sys.argv[1])
with open(HERE / "published_workdays.csv", "w", encoding="utf-8", newline="") as out:
    out.write("# 1 = working day, from the 1st of the month on; chinesecalendar 1.11.0, see published_calendar.py\n")
    for first in (day for day in days(FIRST, LAST) if day.day == 1):
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        out.write(f"{first:%Y-%m}," + "".join(str(int(is_workday(day))) for day in days(first, last)) + "\n")
with open(HERE / "published_due.csv", "w", encoding="utf-8", newline="") as out:
    dice = random.Random(20261123)
    out.write("# unit (wd, cd, mo), from, length, due; chinesecalendar 1.11.0, see published_calendar.py\n")
    out.writelines(draw("wd", working_days, [0, 1, 2, 3, 5, 10, 15, 20, 30, 60], 300, dice))
    out.writelines(draw("cd", calendar_days, [0, 1, 7, 10, 15, 30, 60, 90], 100, dice))
    out.writelines(draw("mo", months, [0, 1, 2, 3, 6, 12], 60, dice))
