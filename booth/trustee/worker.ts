// The trustee's worker: keys, shares and verification, so that the page stays alive and ends everything secret with it.
import { Locked } from '../core/locked.ts'
import { Malformed } from '../core/strict.ts'
import type { Asked, Results, Said, Told } from './messages.ts'
import { Pool } from './pool.ts'
import * as steps from './steps.ts'
import { verify, type Found } from './verifying.ts'

const PROCESSORS = Math.max(1, navigator.hardwareConcurrency || 1)
/** Begun beforehand, for a page that will have no network. */
let pool: Pool | null = null
/** Of an archive that was verified and holds. */
let found: Found | null = null
const tell = (told: Told): void => postMessage(told)
const both = (problem: Malformed): Said => ({ zh: problem.said('zh'), en: problem.said('en'), why: problem.why })

let last = 0
/** At most twenty times a second. */
function progress(share: number, count = 0): void {
  const now = performance.now()
  if (now - last < 50 && share < 1) return
  last = now
  tell({ kind: 'progress', share, count })
}

async function done(asked: Asked): Promise<Results[keyof Results]> {
  switch (asked.step) {
    case 'new': return steps.make(asked.name, asked.passphrase, asked.alone, progress, asked.cost)
    case 'list': {
      const { signed, code, text } = steps.listed(asked.list)
      return { count: signed.length, code, text }
    }
    case 'trustees': return steps.whole(asked.text)
    case 'share': return steps.share(asked.held, asked.list, asked.threshold, asked.number, progress)
    case 'key': return steps.key(asked.held, asked.list, asked.given, asked.number, progress)
    case 'ready':
      pool ??= new Pool(PROCESSORS)
      return null
    case 'verify': return verified(asked.archive)
    case 'decrypt': {
      if (!found) throw new Malformed('there was no Setup', 'archive')
      return steps.decrypt(asked.held, asked.output, found, progress)
    }
  }
}

async function verified(archive: Blob): Promise<Results['verify']> {
  found = null
  const workers = pool ?? new Pool(PROCESSORS)
  pool = null
  let share = 0
  try {
    const checked = await verify(archive, workers, {
      progress: (count, read) => {
        if (read >= 0) share = read
        progress(share, count)
      },
    })
    found = checked.found
    return { ...checked.report, wrong: checked.report.wrong && both(checked.report.wrong) }
  } finally {
    workers.end()
  }
}

addEventListener('message', (event: MessageEvent<Asked>) => {
  done(event.data).then(
    (result) => tell({ kind: 'done', result }),
    (problem: unknown) => {
      if (problem instanceof Malformed) tell({ kind: 'refused', problem: both(problem) })
      else if (problem instanceof Locked) tell({ kind: 'locked', why: problem.message })
      // Of an error that nobody expected only its kind is told: its text could hold something secret.
      else tell({ kind: 'broken', what: problem instanceof RangeError ? 'threshold' : problem instanceof Error ? problem.name : 'error' })
    },
  )
})
