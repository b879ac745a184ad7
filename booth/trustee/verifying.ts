// The strict verifier in the browser: reads an archive from its first byte to its last and believes nothing. The same rules and
// reasons as engines/ballots/verifying.py, for elections whose questions are opened as sums; written anew, so that the two can be
// compared. Memory is bounded by the number of credentials, not by the ballots.
import { formOf, type Form } from '../core/chinese.ts'
import { readElection, type Election } from '../core/election.ts'
import { fingerprint } from '../core/hashing.ts'
import { Malformed, big, decoded, exactly, fields, many, parsed, sha, string, type Json } from '../core/strict.ts'
import { Reader, readEvent, type Event, type EventType } from './archive.ts'
import type { Checker } from './checking.ts'
import { combined, keysOf, readTrustees, type Part } from './keys.ts'
import { checkShare, joined, lastOfEach, needs, noColumns, opened, readOwned, readShare, readSized, resultOf, resultText, tallyText, type Columns, type Share } from './tally.ts'

/** Which event may follow which: the whole order of an election. Shuffles stand in it so that they are named as what they are. */
const AFTER: Record<'' | EventType, EventType[]> = {
  '': ['Setup'],
  Setup: ['Ballot', 'EndBallots'],
  Ballot: ['Ballot', 'EndBallots'],
  EndBallots: ['EncryptedTally'],
  EncryptedTally: ['Shuffle', 'PartialDecryption'],
  Shuffle: ['Shuffle', 'EndShuffles'],
  EndShuffles: ['PartialDecryption'],
  PartialDecryption: ['PartialDecryption', 'Result'],
  Result: [],
}
/** Phases in which a trustee may open. */
export const OPENABLE: readonly string[] = ['EncryptedTally', 'EndShuffles', 'PartialDecryption']

/** What was found. `wrong` is null if and only if everything holds. */
export type Report = {
  wrong: Malformed | null
  uuid: string
  name: string
  questions: { question: string; answers: string[] }[]
  form: Form | null
  trustees: number
  threshold: number | null
  events: number
  credentials: number
  credentialsFingerprint: string
  /** All that were cast, those replaced by a later one included. */
  ballots: number
  counted: number
  /** The last event. */
  phase: string
  /** Shares that are in, and those still wanted. */
  shares: number[]
  missing: number
  result: number[][] | null
}

/** What a trustee needs of an archive that holds, to open the own share. */
export type Found = { election: Election; parts: Part[]; columns: Columns; shares: ReadonlyMap<number, Share> }

export type Options = {
  progress?: (checked: number, readShare: number) => void
  cancelled?: () => boolean
}

/** Checks an archive, whole or still growing. Never throws for what it contains: what is wrong stands in the report. */
export async function verify(file: Blob, checker: Checker, options: Options = {}): Promise<{ report: Report; found: Found | null }> {
  const walk = new Walk(file, checker, options)
  try {
    await walk.whole()
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    walk.report.wrong = error
  }
  const { election, parts, columns, shares } = walk
  return { report: walk.report, found: election && !walk.report.wrong ? { election, parts, columns, shares } : null }
}

type Running = { digest: string; where: string; answer: Promise<{ credential: string | null; problem: Malformed | null }> }

class Walk {
  election: Election | null = null
  parts: Part[] = []
  columns: Columns = []
  readonly shares = new Map<number, Share>()
  readonly report: Report = {
    wrong: null, uuid: '', name: '', questions: [], form: null, trustees: 0, threshold: null, events: 0, credentials: 0, credentialsFingerprint: '',
    ballots: 0, counted: 0, phase: '', shares: [], missing: 0, result: null,
  }
  private readonly reader: Reader
  private readonly checker: Checker
  private readonly options: Options
  private last: Event | null = null
  private lastDigest: string | null = null
  /** Data to which no event has referred yet. */
  private readonly pending = new Set<string>()
  private weights = new Map<string, number>()
  private readonly cast: [string, string][] = []
  private readonly running: Running[] = []
  private done = 0
  private weight = 0

  constructor(file: Blob, checker: Checker, options: Options) {
    this.reader = new Reader(file)
    this.checker = checker
    this.options = options
  }

  async whole(): Promise<void> {
    for await (const [entry, content] of this.reader.entries()) {
      if (!entry.at) continue
      if (!entry.isEvent) {
        this.pending.add(entry.digest)
        continue
      }
      const event = readEvent(content, `event at byte ${entry.at}`)
      this.inOrder(event)
      await this.step(event)
      if (this.pending.size) throw new Malformed('data stand before it to which nothing refers', `event ${event.height}`)
      this.last = event
      this.lastDigest = entry.digest
      this.report.events++
      this.options.progress?.(this.done, entry.at / this.reader.size)
    }
    await this.allDone()
    if (this.pending.size || !this.last) throw new Malformed('ends with data to which nothing refers', 'archive')
    this.report.phase = this.last.type
    this.report.shares = [...this.shares.keys()]
    this.report.missing = needs(this.parts).reduce((sum, { owners, needed }) => sum + needed - owners.filter((one) => this.shares.has(one)).length, 0)
  }

  private inOrder(event: Event): void {
    const where = `event ${event.height}`
    if (event.height !== (this.last ? this.last.height + 1 : 0)) throw new Malformed('its height does not follow', where)
    if (event.parent !== this.lastDigest) throw new Malformed('does not refer to the event before it', where)
    if (!AFTER[this.last?.type ?? ''].includes(event.type)) throw new Malformed('{what} may not stand here', where, { what: event.type })
    if ((event.payload === null) !== (event.type === 'EndBallots' || event.type === 'EndShuffles'))
      throw new Malformed('has or lacks data against the rule', where)
  }

  /** Data that an event refers to, which must not have been referred to before. */
  private async use(digest: string | null, where: string): Promise<Uint8Array> {
    const content = await this.reader.data(digest, where)
    if (!this.pending.delete(digest!)) throw new Malformed('refers to something to which an earlier event refers already', where)
    return content
  }

  private async text(digest: string | null, where: string): Promise<string> {
    return decoded(await this.use(digest, where))
  }

  private step(event: Event): Promise<void> {
    switch (event.type) {
      case 'Setup': return this.setup(event)
      case 'Ballot': return this.ballot(event)
      case 'EndBallots': return this.allDone()
      case 'EncryptedTally': return this.encryptedTally(event)
      case 'PartialDecryption': return this.partialDecryption(event)
      case 'Result': return this.result(event)
      default: throw new Malformed('nothing is to be shuffled', `shuffle of event ${event.height}`)
    }
  }

  private ready(): Election {
    if (!this.election) throw new Malformed('there was no Setup', 'archive')
    return this.election
  }

  private async setup(event: Event): Promise<void> {
    const text = await this.text(event.payload, 'Setup')
    const found = fields(parsed(text), 'Setup', 'election', 'trustees', 'credentials')
    exactly(text, found)
    const electionText = await this.text(sha(found.election, 'Setup'), 'Setup.election')
    const election = readElection(electionText)
    this.parts = readTrustees(election.group, await this.text(sha(found.trustees, 'Setup'), 'Setup.trustees'))
    const credentials = await this.text(sha(found.credentials, 'Setup'), 'Setup.credentials')
    this.weights = await readCredentials(credentials, this.checker)
    if (combined(election.group, this.parts) !== election.publicKey) throw new Malformed('the key of the election is not that of its trustees', 'Setup')
    this.report.form = formOf(election)
    await this.checker.begin(electionText)
    this.election = election
    Object.assign(this.report, {
      uuid: election.uuid,
      name: election.name,
      trustees: keysOf(this.parts).length,
      threshold: this.parts.length === 1 && this.parts[0]!.kind === 'Pedersen' ? this.parts[0]!.threshold : null,
      questions: election.questions.map((one) => ({ question: one.question, answers: [...(one.blank ? [''] : []), ...one.answers] })),
      credentials: this.weights.size,
      credentialsFingerprint: fingerprint(credentials),
    })
  }

  private async ballot(event: Event): Promise<void> {
    this.ready()
    const where = `ballot of event ${event.height}`
    const text = await this.use(event.payload, where)
    this.report.ballots++
    if (this.options.cancelled?.()) throw new Malformed('the check was ended before it was finished', 'verifier')
    while (this.running.length >= this.checker.atOnce) await this.take()
    const answer = this.checker.ballot(text)
    answer.catch(() => undefined)
    this.running.push({ digest: event.payload!, where, answer })
  }

  /** The oldest of the ballots that are being checked: what stands first in the archive is told first. */
  private async take(): Promise<void> {
    const { digest, where, answer } = this.running.shift()!
    const { credential, problem } = await answer
    if (credential !== null && !this.weights.has(credential)) throw new Malformed('its credential is not in the list', where)
    // What cannot even be read was refused by its text; what was read and does not hold, by its place in the archive.
    if (problem) throw new Malformed(problem.why, `${where}, ${problem.where}`, problem.facts)
    this.cast.push([digest, credential!])
    this.done++
    this.options.progress?.(this.done, -1)
  }

  private async allDone(): Promise<void> {
    while (this.running.length) await this.take()
  }

  private async encryptedTally(event: Event): Promise<void> {
    const election = this.ready()
    const last = lastOfEach(this.cast)
    let [sum, weight] = [noColumns(election), 0]
    const waiting: Promise<Columns>[] = []
    for (const [credential, digest] of last) {
      if (waiting.length >= this.checker.atOnce) sum = joined(election.group, sum, await waiting.shift()!)
      const mine = this.weights.get(credential)!
      weight += mine
      waiting.push(this.checker.weighed(await this.reader.data(digest, 'ballot'), mine))
    }
    for (const one of waiting) sum = joined(election.group, sum, await one)
    const said = readSized(await this.text(event.payload, 'EncryptedTally'), 'EncryptedTally')
    if (said.count !== last.size || said.weight !== weight)
      throw new Malformed('says {said} ballots of weight {said_weight}; there are {count} of {weight}', 'EncryptedTally', {
        said: said.count, said_weight: said.weight, count: last.size, weight,
      })
    if ((await this.text(said.tally, 'encrypted_tally')) !== tallyText(sum)) throw new Malformed('is not the sum of the ballots', 'encrypted_tally')
    this.columns = sum
    this.weight = weight
    this.report.counted = last.size
  }

  private async partialDecryption(event: Event): Promise<void> {
    const election = this.ready()
    const where = `decryption of event ${event.height}`
    const { owner, payload } = readOwned(await this.text(event.payload, where), where)
    const key = keysOf(this.parts)[owner - 1]
    if (key === undefined || this.shares.has(owner)) throw new Malformed('its owner is no trustee, or has decrypted before', where)
    const share = readShare(election.group, await this.text(payload, where), where)
    checkShare(election, this.columns, key, share, where)
    this.shares.set(owner, share)
  }

  private async result(event: Event): Promise<void> {
    const election = this.ready()
    const result = resultOf(election, opened(election, this.parts, this.columns, this.shares), this.weight)
    if ((await this.text(event.payload, 'Result')) !== resultText(result)) throw new Malformed('is not what the shares open', 'Result')
    this.report.result = result
  }
}

/** Who may vote: public keys with their weights. Throws Malformed: a key outside the group, twice, or a weight of nothing. */
async function readCredentials(text: string, checker: Checker): Promise<Map<string, number>> {
  const weights = new Map<string, number>()
  const lines = many(parsed(text) as Json, 'credentials', string)
  for (const [at, line] of lines.entries()) {
    const where = `credentials[${at}]`
    const [said = '', ...rest] = line.split(',')
    const key = big(said, where)
    const weight = rest.join(',')
    if (rest.length && !/^[1-9][0-9]{0,8}$/.test(weight)) throw new Malformed('a weight should be a whole number from 1', where)
    if (weights.has(String(key))) throw new Malformed('a credential stands twice', where)
    weights.set(String(key), rest.length ? Number(weight) : 1)
  }
  const outside = await checker.outside([...weights.keys()])
  if (outside !== null) throw new Malformed('does not belong to the group', `credentials[${outside}]`)
  exactly(text, lines)
  return weights
}
