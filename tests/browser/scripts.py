"""What pages are asked, in their own language: each answers with all that is amiss."""

# Nothing will move any more of itself. Fonts are asked for when text is laid out, and then it is
# laid out again: so this is asked until there is nothing to wait for.
SETTLED = """() => {
    void document.body.offsetHeight
    const formulas = [...document.querySelectorAll('.math')]
    return document.readyState === 'complete' && document.fonts.status === 'loaded'
        && formulas.every(math => math.querySelector('mjx-container'))
        && (!document.querySelector('.lab') || performance.getEntriesByName('lab-drawn').length > 0)
}"""

# The end of what the page does when its mathematics is set, and of all motion; then it is drawn.
ARRIVED = """async () => {
    await window.MathJax?.startup?.promise
    document.getAnimations().forEach((animation) => animation.finish())
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
}"""

# What scrolls is a stop of the Tab key: the theme, and for formulas formulas.js, see to it a while
# after the page has changed.
SCROLLING_IS_MARKED = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)]
    const fits = (box) => box.scrollWidth <= box.clientWidth
    const isSound = (box) => box.tabIndex === 0 || fits(box) && box.scrollHeight <= box.clientHeight
    return all('pre, .cell_output > .output, .pst-scrollable-table-container').every(isSound)
        && all('.math').every(box => box.tabIndex === 0 || !box.clientWidth || fits(box))
}"""

# A text looks as its colours say, its size, and the grounds below it, from the page up: of those
# that look the same the first is marked. What axe-core asks of contrast takes most of its time.
LOOKS = """() => {
    const PARTS = ['color', 'backgroundColor', 'backgroundImage', 'opacity', 'filter', 'fontSize',
        'fontWeight', 'position', 'textShadow', 'mixBlendMode']
    const known = new Map()
    const look = (element) => {
        if (!element) return ['', '']
        if (!known.has(element)) {
            const style = getComputedStyle(element)
            const own = PARTS.map(part => style[part]).join('|')
            const [above, all] = look(element.parentElement)
            known.set(element, [own, own === above ? all : `${all} > ${own}`])
        }
        return known.get(element)
    }
    const seen = new Set()
    for (const element of document.querySelectorAll('*')) {
        element.removeAttribute('data-look')
        const shows = element.matches('input, select, textarea')
            || [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        if (!shows || !element.checkVisibility({ visibilityProperty: true })) continue
        const [, all] = look(element)
        if (!seen.has(all)) element.setAttribute('data-look', '')
        seen.add(all)
    }
}"""

ASK_AXE = """async ([options, texts]) => {
    axe.configure({ rules: [{ id: 'color-contrast', selector: texts }] })
    const { violations } = await axe.run(document, options)
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}"""

WRONG_FORMULAS = """() => [...document.querySelectorAll('.math:has(mjx-merror)')]
    .map(math => `cannot be set: ${math.textContent}`)"""

BROKEN_IMAGES = """() => [...document.images]
    .filter(image => !image.naturalWidth || !image.hasAttribute('alt'))
    .map(image => `no image, or no alt: ${image.outerHTML}`)"""

# Each element that a reader cannot read whole: it sticks out of the page, is cut off, lies over its
# neighbour, or has to be scrolled sideways though it is no table, code or formula.
CUT = """() => {
    const MAY_SCROLL = 'pre, .pst-scrollable-table-container, .cell_output > .output, ' +
        '.math, mjx-container, .lab-jacobian, .web'
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
        '.web-line': (style) => [style.stroke],
        '.web text, .web circle': (style) => [style.fill],
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
