// Cards on paper, four to a sheet of A4: a counterfoil with the number, which the giver keeps, and two halves that are folded
// face to face. Nothing on the halves says whose card it is or which. Or, for cards that are sent, a letter to each.
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

const list = (key: string): HTMLElement => el('ol', {}, ...say(key).split('\n').map((line) => el('li', {}, line)))

/** The half that is worth a vote. */
function secret(card: Card, title: string, address: string): HTMLElement {
  const typed = el('div', {}, el('span', {}, say('typed')), el('span', { class: 'ck-signs' }, card.signs))
  return el('div', { class: 'ck-half' }, el('b', { class: 'ck-title' }, title), el('div', { class: 'ck-code' }, qr(`${address}#${card.signs.replaceAll('-', '')}`), typed), el('small', {}, address))
}

/** The half that lies upon it. */
const how = (): HTMLElement => el('div', { class: 'ck-half ck-how' }, el('b', {}, say('how')), list('how_steps'), el('b', {}, say('lost_head')), el('p', {}, say('lost_text')))

function strip(card: Card, title: string, address: string): HTMLElement {
  const whose = card.name === undefined ? el('span', { class: 'ck-line' }, say('foil_name')) : el('b', {}, card.name)
  const foil = el('div', { class: 'ck-foil' }, el('b', {}, say('foil')), el('span', { class: 'ck-number' }, say('number', { n: card.number })), el('span', { class: 'ck-title' }, title),
    whose, card.note ? el('span', {}, card.note) : null, el('small', {}, say('foil_keep')))
  return el('section', { class: 'ck-card' }, foil, secret(card, title, address), how())
}

/** A sheet of cards; at most `ON_A_SHEET` of them. */
export const sheet = (cards: readonly Card[], title: string, address: string): HTMLElement => el('div', { class: 'ck-sheet' }, ...cards.map((one) => strip(one, title, address)))

/** A letter for one person: folded in the shape of a Z the name is outside, and the code lies against the third that says how. */
export function letter(card: Card, title: string, address: string, from: string): HTMLElement {
  const to = el('div', { class: 'ck-to' }, el('span', {}, from), el('b', { class: 'ck-name' }, say('letter_to', { name: card.name ?? '' })), el('span', {}, card.note ?? ''),
    el('span', { class: 'ck-line' }, say('letter_address')), el('small', {}, say('number', { n: card.number })))
  return el('section', { class: 'ck-letter' }, to, secret(card, title, address), how())
}
