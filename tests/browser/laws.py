"""What any page is asked, in whatever state it is: each law answers with what breaks it."""

from axe_playwright_python.sync_playwright import Axe


def violations(page, options=None):
    """What axe-core finds wrong, for people who cannot see, hear or point."""
    page.wait_for_function(SCROLLING_IS_MARKED)
    page.evaluate(STILL)
    return [
        f"{found['id']}: {node['html'][:200]}"
        for found in Axe().run(page, options=options or {}).response["violations"]
        for node in found["nodes"]
    ]


def resized(page, width, text=100):
    """The page at a width in CSS pixels, its text in percent of its own size."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    page.evaluate(STILL)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


# What moves has arrived.
STILL = "document.getAnimations().forEach((animation) => animation.finish())"

# What scrolls is a stop of the Tab key: the theme sees to it a while after the page has changed.
SCROLLING_IS_MARKED = """() =>
    [...document.querySelectorAll('pre, .cell_output > .output, .pst-scrollable-table-container')]
        .every(box => box.tabIndex === 0 || box.scrollWidth <= box.clientWidth
            && box.scrollHeight <= box.clientHeight)"""

# Each element that a reader cannot read whole: it sticks out of the page, is cut off, lies over its
# neighbour, or has to be scrolled sideways though it is no table, code or formula.
CUT = """() => {
    const MAY_SCROLL = 'pre, .pst-scrollable-table-container, .cell_output > .output, ' +
        '.math, mjx-container, .lab-jacobian'
    const page = document.documentElement.clientWidth
    const inside = (element, selector) => element.parentElement?.closest(selector)
    const found = []
    for (const element of document.body.querySelectorAll('*:not(svg *, mjx-container *)')) {
        const style = getComputedStyle(element)
        const { right, width } = element.getBoundingClientRect()
        const hidden = width <= 2 || !element.checkVisibility({ visibilityProperty: true })
        if (hidden || style.display === 'inline' || style.display === 'contents') continue
        if (right > page + 1 && !inside(element, MAY_SCROLL)) found.push([element, 'sticks out'])
        if (element.scrollWidth <= element.clientWidth + 1 || !element.clientWidth) continue
        if (style.overflowX === 'visible') found.push([element, 'spills'])
        else if (['hidden', 'clip'].includes(style.overflowX)) found.push([element, 'is cut'])
        else if (!element.matches(MAY_SCROLL)) found.push([element, 'scrolls'])
    }
    const others = (element) => found.filter(([other]) => other !== element)
    return found.filter(([element]) => !others(element).some(([other]) => element.contains(other)))
        .map(([element, why]) => `${why}: ${element.outerHTML.slice(0, 120)}`)
}"""

# WCAG 1.4.11: what shows where a control is, and what tells something by being drawn, has a
# contrast of 3 to 1 with its ground. A button is shown by its border or by what is written on it.
PALE = """() => {
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
        .getContext('2d', { willReadFrequently: true })
    const pixel = (...colours) => {
        context.clearRect(0, 0, 1, 1)
        for (const colour of colours) {
            context.fillStyle = colour
            context.fillRect(0, 0, 1, 1)
        }
        return [...context.getImageData(0, 0, 1, 1).data]
    }
    const ground = (element) => getComputedStyle(element).backgroundColor
    const grounds = (element) =>
        element ? [...grounds(element.parentElement), ground(element)] : ['Canvas']
    const luminance = (...colours) => {
        const [r, g, b] = pixel(...colours).slice(0, 3).map((byte) => {
            const part = byte / 255
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const contrast = (ink, element) => {
        const under = grounds(element)
        const [one, other] = [luminance(...under, ink), luminance(...under)]
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    }
    const border = (style, side) =>
        parseFloat(style[`border${side}Width`]) ? style[`border${side}Color`] : 'transparent'
    const inks = {
        'input:not([type=range], [type=checkbox], [type=radio], .bd-search *), select, .bd-search':
            (style) => [border(style, 'Bottom')],
        'button, summary': (style) => [border(style, 'Bottom'), style.color],
        '.claim': (style) => [border(style, 'Left')],
        '.lab-bar, .lab-share': (style) => [border(style, 'Left')],
        '.lab-fill': (style) => [style.backgroundColor],
        '.lab path.lab-line, .lab-simplex path': (style) => [style.stroke],
        '.lab circle, .lab-dot, .lab text': (style) => [style.fill, style.stroke],
    }
    const found = []
    for (const [selector, of] of Object.entries(inks)) {
        for (const element of document.querySelectorAll(selector)) {
            if (!element.checkVisibility({ visibilityProperty: true })) continue
            const seen = of(getComputedStyle(element)).map((ink) =>
                contrast(ink === 'none' ? 'transparent' : ink, element.parentElement))
            if (Math.max(...seen) < 3) {
                found.push(`${Math.max(...seen).toFixed(1)}: ${element.outerHTML.slice(0, 120)}`)
            }
        }
    }
    return found
}"""
