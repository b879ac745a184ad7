// A worker that does one step for the page, and is ended with everything that it knew.
import type { Bar } from '../desk.ts'
import type { Asked, Results, Said, Told } from './messages.ts'

/** What was received does not hold: the reason in both languages. */
export class Refused extends Error {
  readonly said: Said
  constructor(said: Said) {
    super(said.why)
    this.said = said
  }
}

/** The key file did not open ("passphrase", "file"), or the passphrase is too short ("short"). */
export class NotOpened extends Error {}

export class Session {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })

  ask<K extends keyof Results>(asked: Extract<Asked, { step: K }>, bar: Bar | null, count: (n: number) => string = () => ''): Promise<Results[K]> {
    return new Promise((resolve, reject) => {
      this.worker.onerror = () => reject(new Error('worker'))
      this.worker.onmessage = (event: MessageEvent<Told>) => {
        const told = event.data
        if (told.kind === 'progress') bar?.move(told.share, told.count ? count(told.count) : '')
        else if (told.kind === 'done') resolve(told.result as Results[K])
        else if (told.kind === 'refused') reject(new Refused(told.problem))
        else if (told.kind === 'locked') reject(new NotOpened(told.why))
        else reject(told.what === 'threshold' ? new RangeError(told.what) : new Error(told.what))
      }
      this.worker.postMessage(asked)
    })
  }

  /** Ends the worker: the memory that held the secrets is given back. */
  end(): void {
    this.worker.terminate()
  }
}

/** Workers begun beforehand, so that a page that was opened with a network needs none afterwards. */
const ready: Session[] = []
let verifier: Session | null = null

export function prepare(count: number): void {
  if (!navigator.onLine) return
  while (ready.length < count) ready.push(new Session())
  verifier ??= new Session()
  void verifier.ask({ step: 'ready' }, null).catch(() => undefined)
}

/** A worker for one step. */
export const session = (): Session => ready.pop() ?? new Session()

/** A worker that verifies and then opens. */
export function verifying(): Session {
  const one = verifier ?? new Session()
  verifier = null
  return one
}

/** One step in a worker of its own. */
export async function alone<K extends keyof Results>(asked: Extract<Asked, { step: K }>, bar: Bar | null): Promise<Results[K]> {
  const own = session()
  try {
    return await own.ask(asked, bar)
  } finally {
    own.end()
  }
}
