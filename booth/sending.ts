// Handing in a sealed ballot: the same text as often as needed. It counts once, however often it arrives.

export interface Problem {
  title?: string
  detail?: string
  code?: string
}

export type Outcome = { kind: 'in'; code: string } | { kind: 'refused'; problem: Problem } | { kind: 'lost' }

const PATIENCE_MS = 25_000
/** Before the page asks the voter, it tries again by itself. */
const AGAIN_MS = [1_500, 4_000]

/** What a request says of who sends it: the language, and nothing else. No cookie goes with it. */
export function asked(more: RequestInit = {}): RequestInit {
  return {
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    ...more,
    headers: { 'Accept-Language': document.documentElement.lang, Accept: 'application/json', ...(more.headers as Record<string, string> | undefined) },
  }
}

async function once(address: string, body: Blob): Promise<Outcome> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS)
  try {
    const answer = await fetch(address, asked({ method: 'POST', body, signal: stop.signal }))
    if (answer.status === 201) {
      const said = (await answer.json()) as { code?: unknown }
      return { kind: 'in', code: String(said.code ?? '') }
    }
    // Too many at once, a server that is being started again: the ballot may go again.
    if (answer.status === 429 || answer.status === 408 || answer.status >= 500) return { kind: 'lost' }
    const problem = (await answer.json().catch(() => ({}))) as Problem
    return { kind: 'refused', problem }
  } catch {
    return { kind: 'lost' }
  } finally {
    clearTimeout(timer)
  }
}

/** Sends until there is an answer, or twice more. `hints` spare the server work, and are not needed. `again` is told before
 *  each new attempt. */
export async function send(address: string, text: string, hints: Uint8Array<ArrayBuffer> | null, again: (attempt: number) => void): Promise<Outcome> {
  const body = new Blob(hints ? [text, '\n', hints] : [text], { type: 'application/json' })
  for (let attempt = 1; ; attempt++) {
    const outcome = await once(address, body)
    const pause = AGAIN_MS[attempt - 1]
    if (outcome.kind !== 'lost' || pause === undefined) return outcome
    await new Promise((go) => setTimeout(go, pause))
    again(attempt + 1)
  }
}

/** A sealed ballot whose answer has not come yet, kept for this tab only until it has. */
export interface Kept {
  text: string
  code: string
}

const key = (uuid: string): string => `lianxi-ballot-${uuid}`

export function keep(uuid: string, kept: Kept): void {
  try {
    sessionStorage.setItem(key(uuid), JSON.stringify(kept))
  } catch {
    // Without room in the browser the ballot is kept in memory alone.
  }
}

export function kept(uuid: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(key(uuid)) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

export function forget(uuid: string): void {
  try {
    sessionStorage.removeItem(key(uuid))
  } catch {
    // Nothing was kept.
  }
}
