"""Pages about what happens by itself, and about Watchweb itself."""

from tests.pictures.shots import Shot

HOUSE = (
    Shot(
        "schedules",
        "Schedules",
        "/schedules/",
        "What is done by itself, and when it comes next.",
    ),
    Shot(
        "schedule-form",
        "Add a schedule",
        "/schedules/add/",
        "An interval or cron, for whom, and when changes may be made; the next times are shown "
        "as you type.",
    ),
    Shot(
        "notifications",
        "Notifications",
        "/notifications/",
        "Who is told, and how the last messages went.",
    ),
    Shot(
        "channel",
        "A channel",
        "/notifications/1/",
        "Its rules, and each message that was sent.",
    ),
    Shot(
        "channel-form",
        "Add a channel",
        "/notifications/add/",
        "Which news, from where, at what hours, in which words; with a preview on a real run.",
    ),
    Shot(
        "webhooks",
        "Webhooks",
        "/webhooks/",
        "Registries and pipelines that tell of a push, so that an update is a matter of seconds.",
    ),
    Shot(
        "webhook",
        "A webhook",
        "/webhooks/1/",
        "Its address, and what became of each delivery.",
    ),
    Shot(
        "webhook-form",
        "Add a webhook",
        "/webhooks/add/",
        "Who sends, and what it leads to.",
    ),
    Shot(
        "audit",
        "Audit trail",
        "/audit/",
        "Who changed or started what, and when.",
    ),
    Shot(
        "settings",
        "Settings",
        "/settings/",
        "What counts everywhere, unless a host or a container says otherwise.",
    ),
    Shot(
        "api-access",
        "API access",
        "/api-tokens/",
        "Tokens for programs: what each may do, and when it was last used.",
    ),
    Shot(
        "api-token-form",
        "Make a token",
        "/api-tokens/add/",
        "A name, what it may do, and its last day.",
    ),
    Shot(
        "api-docs",
        "API",
        "/api/v1/docs",
        "Every address of the API, to read and to try.",
    ),
    Shot(
        "preferences",
        "Preferences",
        "/preferences/",
        "Your own colours, time zone and columns.",
    ),
    Shot(
        "shortcuts",
        "Keyboard",
        "/shortcuts/",
        "Every page is a key or two away.",
    ),
    Shot(
        "palette",
        "Jump to",
        "/containers/",
        "Ctrl K, a few letters, Enter: any page, container, host, registry or run.",
        keys="Control+k",
        types="shop",
    ),
    Shot(
        "sign-in",
        "Sign in",
        "/login/",
        "Nothing is shown to anybody who has not signed in.",
        is_signed_in=False,
    ),
    Shot(
        "not-found",
        "Nothing here",
        "/nothing/",
        "An address that leads nowhere, and the way back.",
        status=404,
    ),
)
