#!/usr/bin/env python3
"""Uses the page of report.sh as people do, in a browser: report_page.py PAGE WORK."""
import re
import sys
import time

import browser

PAGE, WORK = sys.argv[1], sys.argv[2]
FAILURES = []


def check(what, found, detail=""):
    print(f"{'ok  ' if found else 'FAIL'} {what}" + ("" if found else f"\n     | {detail}"), flush=True)
    if not found:
        FAILURES.append(what)


def shown(tab):
    return tab.evaluate(
        "[...document.querySelectorAll('article')].filter(card => !card.hidden)"
        ".map(card => card.querySelector('h3').textContent)")


def place(tab, selector):
    """The middle of an element and its width, after it was scrolled to the middle of the window."""
    return tab.evaluate(f"""(() => {{
        const element = document.querySelector({selector!r});
        element.scrollIntoView({{ block: 'center' }});
        const box = element.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2, box.width]; }})()""")


def clip(tab):
    return tab.evaluate(
        "getComputedStyle(document.querySelector('.compare')).getPropertyValue('--at') + ' ' +"
        "getComputedStyle(document.querySelector('.compare .after')).clipPath")


def check_slider(tab):
    x, y, width = place(tab, ".compare input")
    value = "Number(document.querySelector('.compare input').value)"
    tab.drag((x, y), (x + width / 4, y))
    check("a drag of the mouse moves the slider", abs(tab.evaluate(value) - 75) <= 2, tab.evaluate(value))
    check("the picture follows the slider", clip(tab).startswith(f"{tab.evaluate(value)}%") and "75" in clip(tab), clip(tab))
    tab.click(x - width / 4, y)
    check("a click moves it there", abs(tab.evaluate(value) - 25) <= 2, tab.evaluate(value))
    before = tab.evaluate(value)
    for _ in range(3):
        tab.press("ArrowRight", "ArrowRight", 39)
    tab.press("ArrowLeft", "ArrowLeft", 37)
    check("the arrow keys move it", tab.evaluate(value) == before + 2, (before, tab.evaluate(value)))
    tab.press("End", "End", 35)
    check("End shows the whole original", clip(tab).startswith("100%"), clip(tab))
    check("its value is read out in words", tab.evaluate(
        "document.querySelector('.compare input').getAttribute('aria-valuetext')") == "100 % original")
    check("the focus is visible", "inset" in tab.evaluate(
        "getComputedStyle(document.querySelector('.compare .edge')).boxShadow"))


def check_filter(tab):
    everything = shown(tab)
    x, y, _ = place(tab, "#find")
    tab.click(x, y)
    tab.type("many picture-00")
    found = shown(tab)
    check("the filter by name shows what fits", len(found) == 10 and all("many/" in name for name in found), found)
    check("and says how many", tab.evaluate("document.querySelector('#shown').textContent")
          == f"10 of {len(everything)} shown", tab.evaluate("document.querySelector('#shown').textContent"))
    tab.type("nothing of this kind")
    check("an empty result is said", shown(tab) == [] and tab.evaluate("!document.querySelector('#none').hidden"))
    tab.evaluate("document.querySelector('#find').value = '';"
                 "document.querySelector('#find').dispatchEvent(new Event('input'))")
    for state in ("failed", "restored", "little", "all"):
        x, y, _ = place(tab, f"[data-show={state}]")
        tab.click(x, y)
        count = int(tab.evaluate(f"document.querySelector('[data-show={state}] span').textContent"))
        check(f"the button for {state} shows {count} and is pressed",
              len(shown(tab)) == count and tab.evaluate(
                  "[...document.querySelectorAll('[aria-pressed=true][data-show]')].map(b => b.dataset.show).join()")
              == state, shown(tab))
    check("both failed pictures have a reason", tab.evaluate(
        "[...document.querySelectorAll('.failed')].map(card => card.textContent).join()").count("not a picture") == 2,
          tab.evaluate("[...document.querySelectorAll('.failed')].map(card => card.textContent).join()"))


def check_order(tab):
    def values(key):
        return [float(text) for text in tab.evaluate(
            f"[...document.querySelectorAll('article')].map(card => card.dataset.{key}).filter(Boolean)")]
    by_name = shown(tab)
    # By keys alone, as everything else must work, too.
    tab.evaluate("document.querySelector('#order').focus()")
    tab.press("ArrowDown", "ArrowDown", 40)
    check("a key chooses another order", tab.evaluate("document.querySelector('#order').value") == "written")
    for order, rising in (("written", False), ("mean", False), ("bytes", False), ("psnr", True)):
        tab.evaluate(f"order.value = '{order}'; order.dispatchEvent(new Event('change'))")
        found = values(order)
        check(f"the order {order} sorts", len(found) >= 3 and found == sorted(found, reverse=not rising), found)
    check("pictures without a value come last", tab.evaluate(
        "[...document.querySelectorAll('article')].at(-1).dataset.psnr") in ("", None))
    tab.evaluate("order.value = 'name'; order.dispatchEvent(new Event('change'))")
    check("the order by name comes back", shown(tab) == by_name)
    check("orders without values are not offered", tab.evaluate(
        "[...order.options].every(option => option.value !== 'seconds')"))


def check_theme(tab):
    colour = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(colour)
    x, y, _ = place(tab, "#theme")
    tab.click(x, y)
    dark = tab.evaluate(colour)
    check("the button makes it dark", light != dark and tab.evaluate("theme.getAttribute('aria-pressed')") == "true",
          (light, dark))
    tab.open(PAGE)
    check("the choice is kept", tab.evaluate(colour) == dark)
    x, y, _ = place(tab, "#theme")
    tab.click(x, y)
    check("and light again", tab.evaluate(colour) == light)
    tab.evaluate("localStorage.clear()")
    tab.screen(1280, 900, dark=True)
    tab.open(PAGE)
    check("a dark system has a dark page", tab.evaluate(colour) == dark)


CONTRASTS = """(() => {
    const parse = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const low = new Set();
    for (const element of document.querySelectorAll('h1, h2, h3, p, dt, dd, label, button, span, input, select, a, figcaption, svg text')) {
        if (!element.textContent.trim() || element.closest('[hidden], .edge, .tag, noscript')) continue;
        const style = getComputedStyle(element);
        const ink = light(parse(element.closest('svg') ? style.fill : style.color)), page = light(behind(element));
        const ratio = (Math.max(ink, page) + .05) / (Math.min(ink, page) + .05);
        if (ratio < 4.5) low.add(element.tagName + ' ' + element.className + ' ' + ratio.toFixed(2));
    }
    return [...low];
})()"""


def check_accessibility(tab):
    headings = tab.accessible("heading")
    levels = [properties.get("level") for _, properties in headings]
    count = tab.evaluate("document.querySelectorAll('article').length")
    check("one first heading, then sections, then pictures", levels.count(1) == 1 and levels[0] == 1
          and levels.count(3) >= count and all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels)
    sliders = tab.accessible("slider")
    compared = tab.evaluate("document.querySelectorAll('.compare').length")
    check("every slider has the name of its picture", len(sliders) == compared and len({n for n, _ in sliders}) == compared
          and all(re.match("How much of the original shows: .", name) for name, _ in sliders), sliders)
    check("pictures have descriptions", all(name for name, _ in tab.accessible("image")))
    for role, least in (("banner", 1), ("main", 1), ("contentinfo", 1), ("search", 1), ("region", 2)):
        check(f"there is a landmark: {role}", len(tab.accessible(role)) >= least)
    for role in ("button", "combobox", "searchbox", "region", "search", "group", "figure"):
        check(f"each {role} has a name", all(name for name, _ in tab.accessible(role)))
    tab.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    tab.open(PAGE)
    tab.press("Tab", "Tab", 9)
    check("the first stop of Tab skips to the pictures", tab.evaluate("document.activeElement.className") == "skip")
    stops = []
    for _ in range(8):
        tab.press("Tab", "Tab", 9)
        stops.append(tab.evaluate("document.activeElement.id || document.activeElement.dataset.show || document.activeElement.type"))
    check("Tab goes through all controls in their order",
          stops == ["theme", "find", "all", "restored", "little", "failed", "order", "range"], stops)
    for dark in (False, True):
        tab.screen(1280, 900, dark=dark)
        low = tab.evaluate(CONTRASTS)
        check(f"contrast is at least 4.5 ({'dark' if dark else 'light'})", low == [], low)


def check_phone(tab):
    tab.screen(360, 740, scale=2, is_mobile=True)
    tab.open(PAGE)
    width = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    check("a phone does not scroll sideways", width[0] <= width[1] == 360, width)
    lefts = tab.evaluate(
        "[...new Set([...document.querySelectorAll('article')].map(card => Math.round(card.getBoundingClientRect().left)))]")
    check("it has one column", len(lefts) == 1, lefts)
    small = tab.evaluate("[...document.querySelectorAll('button, select, #find')].filter(e => e.getBoundingClientRect().height < 36).length")
    check("what is touched is large enough", small == 0, small)


def main():
    tab = browser.Browser(browser.program())
    try:
        tab.screen(1280, 900)
        seconds = tab.open(PAGE)
        print(f"     loaded in {seconds:.2f} s")
        loaded = tab.evaluate("(async () => { const all = [...document.images]; for (const image of all) { image.loading = 'eager';"
                              " await image.decode(); } return all.length; })()")
        check("all pictures can be seen", loaded >= 30, loaded)
        check_slider(tab)
        check_filter(tab)
        check_order(tab)
        check_accessibility(tab)
        tab.screen(1280, 900)
        check_theme(tab)
        check_phone(tab)
        time.sleep(0.3)
        check("no name became a part of the page", tab.evaluate("window.hacked") is None
              and tab.evaluate("document.querySelectorAll('script').length") == 1
              and tab.evaluate("document.querySelectorAll('[onmouseover], [onerror]').length") == 0)
        names = shown(tab)
        check("hostile names are shown as they are, or escaped", all(part in "\n".join(names) for part in (
            "<img src=x onerror=window.hacked=1>.png", "two\\x0alines.png", "not utf-8 \\xff\\xfe.png",
            "reversed \\xe2\\x80\\xae gnp.png", "x</script><script>window.hacked=1</script>.png")), names)
        check("links and special files are not shown", not any("link.png" in name or "pipe.png" in name for name in names))
        check("the browser has nothing to complain about", tab.problems() == [], tab.problems())
        outside = [address for address in tab.requests() if not address.startswith(("data:", "file:"))]
        check("no request leaves the page", outside == [] and sum(
            address.startswith("file:") for address in tab.requests()) == 1, outside)
    finally:
        tab.close()
    print(f"{len(FAILURES)} of the page's checks failed")
    sys.exit(bool(FAILURES))


main()
