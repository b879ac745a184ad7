// Small things of the booth's page. Nothing is shared with the other scripts of the house: the booth is one file, whose
// fingerprint can be compared.

export type Words = Record<string, string>

let words: Words = {}

/** The sentences of the page, in the voter's language, from its JSON block. */
export function learn(): void {
  words = JSON.parse(document.getElementById('booth-words')!.textContent ?? '{}') as Words
}

/** A sentence with its gaps filled. */
export function say(key: string, facts: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (gap, name: string) => String(facts[name] ?? gap))
}

/** Tell a screen reader without moving the focus. */
export function announce(text: string): void {
  const place = document.getElementById('said')
  if (place) place.textContent = text
}

type Child = Node | string | null

/** An element with its attributes and children; a false attribute is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Record<string, string | number | boolean> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(key, value === true ? '' : String(value))
  made.append(...children.filter((child) => child !== null))
  return made
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

/** The one element under `root` with this data attribute; every part of the template has one. */
export function part<T extends HTMLElement = HTMLElement>(root: ParentNode, name: string): T {
  return root.querySelector<T>(`[data-${name}]`)!
}

/** Give a text to the voter as a file of this device. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = el('a', { href: address, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** The sentences of the page's own kind of refusal: icon, title, what to do. */
export function refuse(place: HTMLElement, title: string, more = ''): void {
  const line = el('p', { class: 'lx-refusal-title' })
  line.append(icon('circle-x'), el('span', {}, title))
  place.className = 'lx-refusal'
  place.replaceChildren(line, ...(more ? [el('p', {}, more)] : []))
  place.hidden = false
}
