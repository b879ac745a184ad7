// Archives of an election (`.bel`): a chain of events in an old tar file that only grows; as engines/ballots/archive.py reads
// them. A file is read piece by piece and never kept whole: what lies where is held by hash.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { MOST_BYTES, Malformed, bytes, exactly, fields, parsed, sha, small, string } from '../core/strict.ts'

export const BLOCK = 512
const MOST_ENTRIES = 4_000_000
/** Bytes that are fetched from the file at once. */
const PIECE = 4 * 1024 * 1024

export const TYPES = ['Setup', 'Ballot', 'EndBallots', 'EncryptedTally', 'Shuffle', 'EndShuffles', 'PartialDecryption', 'Result'] as const
export type EventType = (typeof TYPES)[number]

/** A step of the election. `payload` is the hash of the data that it is about. */
export type Event = { parent: string | null; height: number; type: EventType; payload: string | null }

export const digestOf = (data: Uint8Array): string => bytesToHex(sha256(data))

/** The event of a text. Throws Malformed. */
export function readEvent(text: Uint8Array, where: string): Event {
  const found = fields(parsed(text), where, '?parent', 'height', 'type', '?payload')
  const kind = string(found.type, where)
  if (!(TYPES as readonly string[]).includes(kind)) throw new Malformed('unknown event {what}', where, { what: kind.slice(0, 40) })
  const event: Event = {
    parent: 'parent' in found ? sha(found.parent, where) : null,
    height: small(found.height, where),
    type: kind as EventType,
    payload: 'payload' in found ? sha(found.payload, where) : null,
  }
  exactly(text, found)
  return event
}

/** One file of the archive: where it begins, how long it is, and what kind it is. */
export type Entry = { name: string; digest: string; isEvent: boolean; at: number; size: number; timestamp: number }

/** Reads an archive. Throws Malformed at the first thing that is not as it should be: a header, a size, a name that is not the
 *  hash of what it names, an entry that stands twice. */
export class Reader {
  readonly size: number
  private readonly file: Blob
  private readonly data_ = new Map<string, [number, number]>()
  private piece: Uint8Array = new Uint8Array()
  private pieceAt = 0

  constructor(file: Blob) {
    this.file = file
    this.size = file.size
  }

  /** Bytes of the file, fewer where it ends. */
  private async bytes(at: number, count: number): Promise<Uint8Array> {
    if (at < this.pieceAt || at + count > this.pieceAt + this.piece.length) {
      this.piece = await cut(this.file, at, Math.max(count, PIECE))
      this.pieceAt = at
    }
    return this.piece.subarray(at - this.pieceAt, at - this.pieceAt + count)
  }

  private async entry(at: number): Promise<Entry> {
    const where = `byte ${at}`
    const block = await this.bytes(at, BLOCK)
    if (block.length < BLOCK) throw new Malformed('the archive is cut off', where)
    const [name, sizeSaid, timeSaid] = [part(block, 0, 100), part(block, 124, 136), part(block, 136, 148)]
    if (![sizeSaid, timeSaid].every((said) => /^[0-7]+$/.test(said))) throw new Malformed('a size or time is no octal number', where)
    const [size, timestamp] = [parseInt(sizeSaid, 8), parseInt(timeSaid, 8)]
    const what = name.slice(0, 70)
    if (size > MOST_BYTES) throw new Malformed('{what} has {size} bytes; at most {most}', where, { what, size, most: MOST_BYTES })
    if (!same(block, head(name, size, timestamp))) throw new Malformed('the head of {what} is not that of a plain old tar entry', where, { what })
    if (at + BLOCK + size > this.size) throw new Malformed('the archive is cut off', where)
    const [digest = '', ...rest] = name.split('.')
    const kind = rest.join('.')
    if (at && kind !== 'data.json' && kind !== 'event.json') throw new Malformed('unknown kind of file {what}', where, { what })
    return { name, digest, isEvent: kind === 'event.json', at, size, timestamp }
  }

  /** Every entry with its content, in order; the head of the archive comes first. */
  async *entries(): AsyncGenerator<[Entry, Uint8Array]> {
    let at = 0
    let timestamp: number | null = null
    for (let number = 0; number < MOST_ENTRIES; number++) {
      if (at === this.size && number) return
      const entry = await this.entry(at)
      const filled = (BLOCK - (entry.size % BLOCK)) % BLOCK
      const whole = await this.bytes(at + BLOCK, entry.size + filled)
      const content = whole.slice(0, entry.size)
      const padding = whole.subarray(entry.size)
      if (padding.length !== filled || padding.some((one) => one)) throw new Malformed('something stands in the padding', `byte ${at}`)
      if (timestamp !== null && entry.timestamp !== timestamp) throw new Malformed('another time than that of the archive', `byte ${at}`)
      timestamp = entry.timestamp
      if (number === 0) begins(entry, content)
      else if (digestOf(content) !== entry.digest) throw new Malformed('{what} is not the hash of its content', `byte ${at}`, { what: entry.name })
      else if (!entry.isEvent) {
        if (this.data_.has(entry.digest)) throw new Malformed('{what} stands twice', `byte ${at}`, { what: entry.name })
        this.data_.set(entry.digest, [entry.at + BLOCK, entry.size])
      }
      yield [entry, content]
      at += BLOCK + entry.size + filled
    }
    throw new Malformed('more than {most} files', '', { most: MOST_ENTRIES })
  }

  /** Data that stood before the event that refers to it. Throws Malformed where there is none. */
  async data(digest: string | null, where: string): Promise<Uint8Array> {
    const found = digest === null ? undefined : this.data_.get(digest)
    if (!found) throw new Malformed('refers to something that does not stand before it', where)
    return cut(this.file, found[0], found[1])
  }
}

const cut = async (file: Blob, at: number, count: number): Promise<Uint8Array> => new Uint8Array(await file.slice(at, at + count).arrayBuffer())

/** A text of a head, up to its first nought; a sign outside ASCII is none that belongs there. */
function part(block: Uint8Array, begin: number, end: number): string {
  const whole = block.subarray(begin, end)
  const nought = whole.indexOf(0)
  return [...(nought < 0 ? whole : whole.subarray(0, nought))].map((one) => (one < 128 ? String.fromCharCode(one) : '\ufffd')).join('').trim()
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((one, at) => one === b[at])

function begins(entry: Entry, content: Uint8Array): void {
  if (entry.name !== 'BELENIOS') throw new Malformed('does not begin with BELENIOS', 'byte 0')
  const found = fields(parsed(content), 'BELENIOS', 'version', 'timestamp')
  if (small(found.version, 'BELENIOS') !== 1) throw new Malformed('only version 1 is read', 'BELENIOS')
  if (string(found.timestamp, 'BELENIOS') !== String(entry.timestamp)) throw new Malformed('another time than that of its files', 'BELENIOS')
  exactly(content, found)
}

/** The 512 bytes before a file in an old tar: mode 0644, no owner. */
export function head(name: string, size: number, timestamp: number): Uint8Array {
  const block = new Uint8Array(BLOCK)
  const put = (at: number, text: string): void => block.set(bytes(text).subarray(0, 100), at)
  const octal = (number: number): string => `${number.toString(8).padStart(11, '0')}\0`
  put(0, name.replace(/[^\0-\x7f]/g, '?'))
  put(100, '0000644\0')
  put(108, '0000000\0')
  put(116, '0000000\0')
  put(124, octal(size))
  put(136, octal(timestamp))
  block[156] = 0x30
  put(148, ' '.repeat(8))
  const sum = block.reduce((all, one) => all + one, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return block
}
