# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A hundred hostile texts in every place of a span: none of them runs, and none breaks the page."""

from __future__ import annotations

import json
from typing import Final

from playwright.sync_api import expect

from otlpjson.core.model import Event, Status, StatusCode

from ..view.spans import body, generation, span
from .conftest import Site

RUN: Final = "window.ran=1"
_TEMPLATES: Final = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "</script><script>{}</script>",
    "</pre></div></main><script>{}</script>",
    "<script src=data:text/javascript,{}></script>",
    '<script type="module">{}</script>',
    '<img src=x onerror="{}">',
    "<img src=x onerror={}>",
    "<img/src/onerror={}>",
    '"><img src=x onerror={}>',
    "'><img src=x onerror={}>",
    "`><img src=x onerror={}>",
    '<svg onload="{}">',
    "<svg/onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={}>",
    '<iframe src="javascript:{}"></iframe>',
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    '<object data="javascript:{}"></object>',
    '<embed src="javascript:{}">',
    '<a href="javascript:{}">click</a>',
    '<a href="java\tscript:{}">click</a>',
    '<form action="javascript:{}"><button>x</button></form>',
    '<button formaction="javascript:{}">x</button>',
    '<input autofocus onfocus="{}">',
    '<details open ontoggle="{}">',
    '<video><source onerror="{}"></video>',
    '<audio src=x onerror="{}">',
    '<body onload="{}">',
    '<marquee onstart="{}">',
    '<link rel=stylesheet href="data:text/css,*{{}}" onload="{}">',
    '<meta http-equiv="refresh" content="0;url=javascript:{}">',
    '<base href="https://evil.test/"><script>{}</script>',
    '<style>@import "https://evil.test/x.css";</style>{}',
    '<div style="background:url(https://evil.test/)" onmouseover="{}">',
    "<template><script>{}</script></template>",
    "<noscript><img title='</noscript><img src=x onerror={}>'></noscript>",
    "<textarea></textarea><script>{}</script>",
    "<title></title><script>{}</script>",
    "<!--><script>{}</script>-->",
    "<![CDATA[<script>{}</script>]]>",
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    "${{{}}}",
    "{{{{constructor.constructor('{}')()}}}}",
    "');{};//",
    '");{};//',
    "\\');{};//",
    "\u2028{}\u2029",
    "\u202e<script>{}</script>\u202c",
    "<scr\u0000ipt>{}</scr\u0000ipt>",
    "\ufeff<script>{}</script>",
    "<script\u000b>{}</script>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "%3Cscript%3E{}%3C/script%3E",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "]]><script>{}</script>",
    "+ADw-script+AD4-{}+ADw-/script+AD4-",
    "#/trace/{}?span=<script>",
    "../../api/status#{}",
    "__proto__ {}",
    '{{"__proto__": {{"ran": "{}"}}}}',
    "constructor {}",
    "<x-element onclick={} tabindex=1 id=x>#x",
    "[click](javascript:{})",
    "![x](https://evil.test/{})",
    "https://evil.test/?{}",
    "<https://evil.test/{}>",
)
TEXTS: Final = tuple(template.format(RUN) for template in _TEMPLATES) + tuple(
    f"<img id=a{number} src=x onerror={RUN}>" * (number + 1) for number in range(100 - len(_TEMPLATES))
)
FORBIDDEN: Final = "main script, main img, main iframe, main object, main embed, main svg [onload], main style, main link, main base, main form, main video, main audio, main [onerror], main [onclick], [href^='javascript' i]"


def fill(site: Site) -> None:
    """Each text is prompt, answer, argument, name, user, session, model, metadata and error of a trace."""
    for number, text in enumerate(TEXTS):
        calls = [
            {
                "id": text,
                "type": "function",
                "function": {"name": text, "arguments": json.dumps({text: text})},
            }
        ]
        request = {
            "model": f"{text[:100]}/m",
            "user": text,
            "session_id": text[:200],
            "messages": [
                {
                    "role": text,
                    "content": [
                        {"type": "image_url", "image_url": {"url": text}},
                        {"type": "text", "text": text},
                    ],
                },
                {"role": "tool", "tool_call_id": text, "content": json.dumps([text])},
            ],
            "trace": {"trace_name": text, "generation_name": text, text[:100]: text},
        }
        message = {"role": "assistant", "content": text, "reasoning": text, "tool_calls": calls}
        response = {
            "id": f"gen-{number}",
            "model": text,
            "provider": text,
            "choices": [{"message": message, "finish_reason": "stop"}],
        }
        site.viewer.add(generation(number, request=request, response=response))
    failed = Status(code=StatusCode.ERROR, message=TEXTS[0])
    spans = [
        span(
            1,
            number + 1,
            name=text,
            status=failed,
            attributes={text: text, "bytes": text.encode()},
            events=(Event(name=text, attributes={text: text}),),
        )
        for number, text in enumerate(TEXTS)
    ]
    site.viewer.add(body(*spans, service=TEXTS[1]))


def test_none_of_a_hundred_hostile_texts_runs(site: Site) -> None:
    """In the list, in the filters, in each trace with everything opened."""
    assert len(set(TEXTS)) == 100
    fill(site)
    page = site.open(height=5000)
    expect(page.locator(".found")).to_have_text("101 traces")
    page.locator("#show-filters").click()
    for name in ("model", "user", "session", "metadata"):
        page.locator(f"#filters [name={name}]").focus()
        expect(page.locator(f"#values-{name} option").first).to_be_attached()
    seen = 0
    for trace_id in page.evaluate(
        "fetch('api/traces?limit=200').then(a => a.json()).then(a => a.traces.map(t => t.trace_id))"
    ):
        page.evaluate("id => { location.hash = `#/trace/${id}` }", trace_id)
        page.wait_for_function(
            "id => document.querySelector('.trace-head code')?.textContent === id", arg=trace_id
        )
        expect(page.locator(".span").first).to_be_visible()
        for number in range(min(page.locator(".span").count(), 2)):
            page.locator('.under button:text-is("details")').nth(number).click()
            expect(page.locator(".details")).to_have_count(number + 1)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        seen += page.locator("article, .details").count()
        assert page.locator(FORBIDDEN).count() == 0
    page.evaluate("location.hash = '#/sessions'")
    expect(page.locator(".found")).to_contain_text("sessions")

    assert seen > 300
    assert page.evaluate("window.ran") is None
    assert page.evaluate("({}).ran") is None
    assert page.locator(FORBIDDEN).count() == 0


def test_hostile_filters_are_values(site: Site) -> None:
    """From an address that somebody sends."""
    site.viewer.add(generation(1))
    page = site.open()
    for text in TEXTS:
        page.evaluate(
            "text => { location.hash = '#/traces?' + new URLSearchParams({ q: text, model: text, user: text, metadata: 'a=' + text, from: '2026-01-01', order: text }) }",
            text,
        )
        expect(page.locator(".found")).to_have_text("No trace matches.")

    assert page.evaluate("window.ran") is None


def test_code_that_is_put_into_the_page_is_refused(site: Site) -> None:
    """If a text ever became HTML, the browser would still not run it."""
    page = site.open()
    expect(page.locator(".found")).to_be_visible()
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '<img src=x onerror={RUN}>')")
    page.evaluate(
        f"document.body.append(Object.assign(document.createElement('script'), {{ textContent: '{RUN}' }}))"
    )
    page.wait_for_timeout(300)

    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in words for words in site.wrong)
    site.wrong.clear()
