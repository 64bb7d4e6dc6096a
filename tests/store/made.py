"""Small contents and actors of the tests."""

from datetime import UTC, date, datetime, timedelta

from advisor.store.records import Actor, Content

DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


def actor(user: str = "ada", minutes: float = 0) -> Actor:
    return Actor(user, DAY + timedelta(minutes=minutes))


def content(requests: int = 1000, pdf: bytes | None = None) -> Content:
    return Content(
        answers=f"schema: 2\ndaily_requests: {requests}\nquality_need: high\nbudget: 40000\n",
        as_of=date(2026, 11, 20),
        language="zh",
        product_version="1.0",
        catalog_version="2026.11",
        evidence={"daily_requests": {"value": requests, "file": "日志.csv"}},
        prices=({"id": "hourly_rate", "value": 0.1 + 0.2},),
        headline={"verdict": "do_it", "payback": {"p50": 5.955340654450563}},
        report={"title": "标题", "blocks": []},
        pdf=pdf,
    )
