// Reading JSON so that nothing is left to taste: one text for one meaning, or a refusal that says where. The same rules and the
// same reasons as engines/ballots/strict.py: what one accepts the other accepts.
import { CHINESE } from './words.ts'

export type Json = null | boolean | number | string | Json[] | Record_
export type Record_ = { [name: string]: Json }
export type Facts = Record<string, string | number>
/** What one reads of a value that stands at a place. */
export type Read<T> = (value: Json, where: string) => T

/** Bytes of one file of an archive. */
export const MOST_BYTES = 64 * 1024 * 1024
/** Of one number: 2,048 bits have 617. */
export const MOST_DIGITS = 620
/** Of lists in lists: nothing that is read here is deeper than ten. */
const MOST_DEPTH = 64

/** A text that does not say what it should in the one way in which it may be said. `why` is the reason in English with gaps
 *  for `facts`; `where` is its place. */
export class Malformed extends Error {
  readonly why: string
  readonly where: string
  readonly facts: Facts

  constructor(why: string, where = '', facts: Facts = {}) {
    super(why)
    this.name = 'Malformed'
    this.why = why
    this.where = where
    this.facts = facts
    this.message = this.said('en')
  }

  /** The sentence, in Chinese or in English. */
  said(language: string): string {
    const chinese = language.startsWith('zh')
    const why = (chinese ? CHINESE[this.why] : undefined) ?? this.why
    const sentence = why.replace(/\{(\w+)\}/g, (gap, name: string) => String(this.facts[name] ?? gap))
    return this.where ? this.where + (chinese ? '：' : ': ') + sentence : sentence
  }

  /** As it goes from a worker to its page. */
  plain(): [string, string, Facts] {
    return [this.why, this.where, this.facts]
  }
}

const encoder = new TextEncoder()
/** A mark of byte order is kept, so that it is refused. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const bytes = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

/** The text of bytes. Throws Malformed where they are no UTF-8. */
export function decoded(data: Uint8Array): string {
  try {
    return decoder.decode(data)
  } catch {
    throw new Malformed('not UTF-8')
  }
}

/** The one text of a value: compact, fields as they stand, letters as they are. */
export const written = (value: unknown): string => JSON.stringify(value)

/** The value of a text. Throws Malformed where it is no JSON, too large, too deep, or has a field twice or a fraction. */
export function parsed(data: Uint8Array | string): Json {
  const size = typeof data === 'string' ? data.length : data.byteLength
  if (size > MOST_BYTES) throw new Malformed('{size} bytes; at most {most}', '', { size, most: MOST_BYTES })
  return new Parser(typeof data === 'string' ? data : decoded(data)).whole()
}

/** Throws Malformed unless the text is the one text of the value. */
export function exactly(data: Uint8Array | string, value: unknown): void {
  if (written(value) !== (typeof data === 'string' ? data : decoded(data)))
    throw new Malformed('written otherwise than it should be (spaces, order of fields, or spelling)')
}

const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?Infinity|NaN/y
const PLAIN = /[^"\\\u0000-\u001f]*/y
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

class Parser {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  whole(): Json {
    const value = this.value(0)
    this.blank()
    if (this.at < this.text.length) this.broken()
    return value
  }

  private broken(): never {
    throw new Malformed('not JSON at character {at}', '', { at: this.at })
  }

  private blank(): void {
    BLANK.lastIndex = this.at
    BLANK.exec(this.text)
    this.at = BLANK.lastIndex
  }

  private take(sign: string): boolean {
    this.blank()
    if (this.text[this.at] !== sign) return false
    this.at++
    return true
  }

  private value(depth: number): Json {
    if (depth > MOST_DEPTH) throw new Malformed('too deep')
    this.blank()
    const sign = this.text[this.at]
    if (sign === '"') return this.string()
    if (sign === '{') return this.record(depth)
    if (sign === '[') return this.list(depth)
    for (const [word, value] of [['true', true], ['false', false], ['null', null]] as const)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    return this.number()
  }

  private number(): number {
    NUMBER.lastIndex = this.at
    const said = NUMBER.exec(this.text)?.[0]
    if (said === undefined) this.broken()
    if (!/^-?[0-9]+$/.test(said)) throw new Malformed('{what} is not a whole number', '', { what: said.slice(0, 20) })
    if (said.length > 15) throw new Malformed('{what}… is not a small number', '', { what: said.slice(0, 20) })
    this.at += said.length
    return Number(said) || 0
  }

  private string(): string {
    const begin = this.at++
    for (;;) {
      PLAIN.lastIndex = this.at
      PLAIN.exec(this.text)
      this.at = PLAIN.lastIndex
      const sign = this.text[this.at]
      if (sign === '"') break
      if (sign !== '\\') this.broken()
      this.at += 2
    }
    this.at++
    const said = this.text.slice(begin, this.at)
    if (!said.includes('\\')) return said.slice(1, -1)
    try {
      const value = JSON.parse(said) as string
      // Half a character can be escaped, but is no text.
      if (HALF.test(value)) throw new Malformed('not UTF-8')
      return value
    } catch (error) {
      if (error instanceof Malformed) throw error
      this.broken()
    }
  }

  private list(depth: number): Json[] {
    this.at++
    const found: Json[] = []
    if (this.take(']')) return found
    do found.push(this.value(depth + 1))
    while (this.take(','))
    if (!this.take(']')) this.broken()
    return found
  }

  private record(depth: number): Record_ {
    this.at++
    const found = Object.create(null) as Record_
    if (this.take('}')) return found
    do {
      this.blank()
      if (this.text[this.at] !== '"') this.broken()
      const name = this.string()
      if (!this.take(':')) this.broken()
      if (name in found) throw new Malformed('a field stands twice')
      found[name] = this.value(depth + 1)
    } while (this.take(','))
    if (!this.take('}')) this.broken()
    return found
  }
}

/** The value as a record with exactly these fields in this order; a name that begins with ? may be absent. */
export function fields(value: Json | undefined, where: string, ...names: string[]): Record_ {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed('should be a record', where)
  const known = names.map((name) => name.replace(/^\?/, ''))
  for (const name of names) if (name[0] !== '?' && !(name in value)) throw new Malformed('lacks {name}', where, { name })
  const found = Object.keys(value)
  for (const name of found)
    if (!known.includes(name)) throw new Malformed('has a field {what} that does not belong', where, { what: name.slice(0, 40) })
  if (found.join() !== known.filter((name) => name in value).join()) throw new Malformed('has its fields in another order', where)
  return value
}

/** The value as a list of what `one` reads. */
export function many<T>(value: Json | undefined, where: string, one: Read<T>, wanted?: number): T[] {
  if (!Array.isArray(value)) throw new Malformed('should be a list', where)
  if (wanted !== undefined && value.length !== wanted)
    throw new Malformed('has {count} entries instead of {wanted}', where, { count: value.length, wanted })
  return value.map((entry, at) => one(entry, `${where}[${at}]`))
}

export function string(value: Json | undefined, where: string): string {
  if (typeof value !== 'string') throw new Malformed('should be a text', where)
  return value
}

/** A number written as a number, not negative. */
export function small(value: Json | undefined, where: string): number {
  if (typeof value !== 'number' || value < 0) throw new Malformed('should be a whole number', where)
  return value
}

/** A number written as a decimal in quotation marks. */
export function big(value: Json | undefined, where: string): bigint {
  if (typeof value !== 'string' || value.length > MOST_DIGITS || !/^(?:0|[1-9][0-9]*)$/.test(value))
    throw new Malformed('should be a decimal number in quotation marks', where)
  return BigInt(value)
}

/** A SHA-256 in hexadecimal. */
export function sha(value: Json | undefined, where: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new Malformed('should be a SHA-256 in hexadecimal', where)
  return value
}
