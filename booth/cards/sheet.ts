// Cards on paper, four to a sheet of A4: a counterfoil with the number, which the giver keeps, and two halves that are folded
// face to face. Nothing on the halves says whose card it is or which.
import { encode } from 'uqr'
import { el, say } from '../desk.ts'
import type { Card } from './making.ts'

const SVG = 'http://www.w3.org/2000/svg'
export const ON_A_SHEET = 4

/** The code as one path: a run of dark squares is one piece. */
export function qr(text: string): SVGSVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 2 })
  let path = ''
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue
      const begin = x
      while (row[x + 1]) x++
      path += `M${begin} ${y}h${x - begin + 1}v1h-${x - begin + 1}z`
    }
  })
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`)
  svg.setAttribute('class', 'ck-qr')
  svg.setAttribute('shape-rendering', 'crispEdges')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', say('qr'))
  const drawn = document.createElementNS(SVG, 'path')
  drawn.setAttribute('d', path)
  svg.append(drawn)
  return svg
}

function strip(card: Card, title: string, address: string): HTMLElement {
  const list = (key: string): HTMLElement => el('ol', {}, ...say(key).split('\n').map((line) => el('li', {}, line)))
  const foil = el('div', { class: 'ck-foil' }, el('b', {}, say('foil')), el('span', { class: 'ck-number' }, say('number', { n: card.number })), el('span', {}, title),
    card.name === undefined ? el('span', { class: 'ck-line' }, say('foil_name')) : el('b', {}, card.name), el('small', {}, say('foil_keep')))
  const inner = el('div', { class: 'ck-half' }, el('b', {}, title), el('div', { class: 'ck-code' }, qr(`${address}#${card.signs.replaceAll('-', '')}`), el('div', {}, el('span', {}, say('typed')), el('span', { class: 'ck-signs' }, card.signs))), el('small', {}, address))
  const how = el('div', { class: 'ck-half ck-how' }, el('b', {}, say('how')), list('how_steps'), el('b', {}, say('lost_head')), el('p', {}, say('lost_text')))
  return el('section', { class: 'ck-card' }, foil, inner, how)
}

/** The sheets of these cards. */
export function sheets(cards: readonly Card[], title: string, address: string): HTMLElement[] {
  const found: HTMLElement[] = []
  for (let at = 0; at < cards.length; at += ON_A_SHEET) found.push(el('div', { class: 'ck-sheet' }, ...cards.slice(at, at + ON_A_SHEET).map((one) => strip(one, title, address))))
  return found
}
