// Ballots checked beside each other: one worker a processor.
import { Malformed } from '../core/strict.ts'
import type { Checked, Checker } from './checking.ts'
import type { PlainChecked, Question, Reply } from './replying.ts'
import type { Columns } from './tally.ts'

type Waiting = { resolve: (answer: any) => void; reject: (problem: unknown) => void; who: number }
/** Keys whose membership is checked in one piece of work. */
const SLICE = 50

export class Pool implements Checker {
  readonly atOnce: number
  private readonly workers: Worker[]
  private readonly busy: number[]
  private readonly waiting = new Map<number, Waiting>()
  private next = 0

  constructor(count: number) {
    this.atOnce = 4 * count
    this.busy = new Array<number>(count).fill(0)
    this.workers = this.busy.map((_none, who) => {
      const worker = new Worker(new URL('./checker.ts', import.meta.url), { type: 'module' })
      worker.onmessage = (event: MessageEvent<Reply>) => this.answered(event.data)
      worker.onerror = () => this.failed(who)
      return worker
    })
  }

  async begin(electionText: string): Promise<void> {
    await Promise.all(this.workers.map((_worker, who) => this.ask(who, { work: 'begin', electionText })))
  }

  async ballot(text: Uint8Array): Promise<Checked> {
    const { credential, problem } = (await this.ask(this.idlest(), { work: 'ballot', text })) as PlainChecked
    return { credential, problem: problem && new Malformed(...problem) }
  }

  weighed(text: Uint8Array, weight: number): Promise<Columns> {
    return this.ask(this.idlest(), { work: 'weighed', text, weight }) as Promise<Columns>
  }

  async outside(keys: string[]): Promise<number | null> {
    const answers: Promise<unknown>[] = []
    for (let at = 0; at < keys.length; at += SLICE) answers.push(this.ask(this.idlest(), { work: 'outside', keys: keys.slice(at, at + SLICE) }))
    const found = (await Promise.all(answers)) as (number | null)[]
    const slice = found.findIndex((one) => one !== null)
    return slice < 0 ? null : slice * SLICE + found[slice]!
  }

  /** Ends the workers; what they were asked is never answered. */
  end(): void {
    for (const worker of this.workers) worker.terminate()
  }

  private idlest(): number {
    return this.busy.indexOf(Math.min(...this.busy))
  }

  private ask(who: number, question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const at = this.next++
      this.busy[who]!++
      this.waiting.set(at, { resolve, reject, who })
      this.workers[who]!.postMessage({ at, ...question })
    })
  }

  private answered({ at, answer, problem, broken }: Reply): void {
    const one = this.waiting.get(at)
    if (!one) return
    this.waiting.delete(at)
    this.busy[one.who]!--
    if (problem) one.reject(new Malformed(...problem))
    else if (broken) one.reject(new Error(broken))
    else one.resolve(answer)
  }

  private failed(who: number): void {
    for (const [at, one] of this.waiting) {
      if (one.who !== who) continue
      this.waiting.delete(at)
      one.reject(new Error('a worker failed'))
    }
  }
}
