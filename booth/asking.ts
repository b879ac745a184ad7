// The worker, asked by promises. It comes out of this same file, so that one fingerprint covers both.
import Worker_ from './worker.ts?worker&inline'
import type { Answers, Asked, FromWorker } from './messages.ts'

type Waiting = { take: (found: never) => void; fail: (error: Error) => void; progress?: (done: number, all: number) => void }

export class Asking {
  private readonly worker = new Worker_()
  private readonly waiting = new Map<number, Waiting>()
  private next = 1

  constructor() {
    this.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      const one = this.waiting.get(data.id)
      if (!one) return
      if ('done' in data) return one.progress?.(data.done, data.all)
      this.waiting.delete(data.id)
      if ('found' in data) one.take(data.found as never)
      else one.fail(new Error(data.failed))
    })
    const broken = (): void => {
      for (const one of this.waiting.values()) one.fail(new Error('the worker stopped'))
      this.waiting.clear()
    }
    this.worker.addEventListener('error', broken)
    this.worker.addEventListener('messageerror', broken)
  }

  ask<A extends Asked>(asked: A, progress?: (done: number, all: number) => void): Promise<Answers[A['do']]> {
    const id = this.next++
    return new Promise((take, fail) => {
      this.waiting.set(id, { take: take as (found: never) => void, fail, ...(progress ? { progress } : {}) })
      this.worker.postMessage({ ...asked, id })
    })
  }

  /** Ends the worker; what it knew is gone with it. */
  end(): void {
    this.worker.terminate()
  }
}
