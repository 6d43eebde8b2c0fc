"""When something is due: intervals, cron, maintenance windows, and all of it in words.

    when        what a person typed -> a timetable (Interval or Cron)
    interval    every so many seconds
    cron        five or six fields, or a word like @daily, on a clock that changes twice a year
    window      the hours in which changes may be made
    course      what comes next: late ticks, missed ticks, the opening of a window
    words       a cron's fields in plain words

Knows no Django and reads no clock: every moment is given, with its time zone.
"""
