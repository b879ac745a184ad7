// Small things every script needs.

export type Part = (root: ParentNode) => void

export function each(root: ParentNode, part: Part): void {
  part(root)
}

/** Every element under root (and root itself) that matches and was not taken before by the same script. */
export function fresh<T extends HTMLElement>(root: ParentNode, selector: string, mark: string): T[] {
  const found = [...root.querySelectorAll<T>(selector)]
  if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root as unknown as T)
  const key = `on${mark}`
  return found.filter((element) => !element.dataset[key] && (element.dataset[key] = '1'))
}

/** Run for the page, and again for every fragment that htmx puts into it. */
export function onReady(run: (root: ParentNode) => void): void {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => run(document))
  else run(document)
  document.addEventListener('htmx:load', (event) => {
    const element = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt
    if (element !== document.body) run(element)
  })
}

/** Say something to a screen reader without moving the focus. */
export function announce(text: string): void {
  const place = document.getElementById('said')
  if (place) place.textContent = text
}

/** An icon from the sprite of this page. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `${document.body.dataset.sprite ?? ''}#${name}`)
  svg.append(use)
  return svg
}
