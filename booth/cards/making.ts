// Cards with which people vote: made here, and never sent anywhere but on paper. The server gets their public keys alone.
import { cleaned, credential, publicOf } from '../core/credentials.ts'
import { BELENIOS_2048, systemDraw, type Draw } from '../core/group.ts'
import { fingerprint } from '../core/hashing.ts'
import { Malformed, written } from '../core/strict.ts'

export const KIND = 'lianxi-cards/1'

/** Somebody to whom a card is sent; `note` tells two of one name apart. */
export type Person = { name: string; note?: string }
/** A card. `number` stands on its counterfoil; name and note only where cards are sent; a lost one is kept, and worth nothing. */
export type Card = { number: number; signs: string; lost?: true } & Partial<Person>
/** What the giver's file holds. */
export type Box = { format: typeof KIND; uuid: string; title: string; cards: Card[] }

/** One of the names for each card, drawn by lot. */
export function drawn<T>(things: readonly T[], draw: Draw): T[] {
  const found = [...things]
  for (let at = found.length - 1; at > 0; at--) {
    const other = Number(draw(BigInt(at + 1)))
    ;[found[at], found[other]] = [found[other]!, found[at]!]
  }
  return found
}

/** Cards for `count` people, with their public keys in the order of the cards; who gets which is drawn by lot. */
export function made(uuid: string, title: string, count: number, people: readonly Person[] | null, tick: (done: number) => void): { box: Box; keys: string[] } {
  const cards: Card[] = []
  const keys: string[] = []
  const lots = people && drawn(people, systemDraw)
  for (let number = 1; number <= count; number++) {
    const signs = credential(systemDraw)
    cards.push({ number, signs, ...whose(lots?.[number - 1]) })
    keys.push(String(publicOf(BELENIOS_2048, uuid, signs)))
    tick(number)
  }
  return { box: { format: KIND, uuid, title, cards }, keys }
}

const whose = (one: Partial<Person> = {}): Partial<Person> => (one.name === undefined ? {} : { name: one.name, ...(one.note ? { note: one.note } : {}) })

/** A new card in the place of a lost one, with both public keys. Throws Malformed where there is no such card, or it was lost before. */
export function again(box: Box, number: number): { box: Box; card: Card; old: string; fresh: string } {
  const lost = box.cards.find((one) => one.number === number)
  if (!lost || lost.lost) throw new Malformed('this trustee is not among them', 'card')
  const signs = credential(systemDraw)
  const card: Card = { number: Math.max(...box.cards.map((one) => one.number)) + 1, signs, ...whose(lost) }
  const cards: Card[] = [...box.cards.map((one) => (one === lost ? { ...one, lost: true as const } : one)), card]
  return { box: { ...box, cards }, card, old: keyOf(box, lost), fresh: keyOf(box, card) }
}

export const keyOf = (box: Box, card: Card): string => String(publicOf(BELENIOS_2048, box.uuid, card.signs))

/** Of the list that will stand in the archive: what every verifier prints, and what is signed on paper. */
export function listPrint(keys: readonly string[]): string {
  const sorted = keys.map(BigInt).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return fingerprint(written(sorted.map(String)))
}

/** The box of a file. Throws Malformed where it is none, or that of another vote. */
export function read(value: unknown, uuid: string): Box {
  const box = value as Box
  const whole = box?.format === KIND && typeof box.title === 'string' && Array.isArray(box.cards)
  if (!whole || !box.cards.every((one) => Number.isSafeInteger(one.number) && typeof one.signs === 'string')) throw new Malformed('should be a record', 'cards')
  if (box.uuid !== uuid) throw new Malformed('belongs to another election', 'cards')
  box.cards.forEach((one) => cleaned(one.signs))
  return box
}
