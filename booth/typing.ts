// The signs of a card as people type them: any spaces and dashes, full-width letters, a whole link, and the signs that no card
// has because they look like others.
import { BASE58, cleaned, SIGNS } from './core/credentials.ts'
import type { Typed } from './messages.ts'

/** What somebody may have meant who typed a sign that no card has. */
const MEANT: Record<string, string> = { 0: 'o', O: 'o', I: '1i', l: '1iL' }
const MOST_READINGS = 27

export function tidied(text: string): Typed {
  const plain = text.normalize('NFKC')
  const signs = [...plain.slice(plain.indexOf('#') + 1).replace(/[\s\p{Pd}_.,·。，]/gu, '')].slice(0, SIGNS + 5)
  const wrong = signs.map((sign, at) => ({ place: at + 1, sign })).filter(({ sign }) => !BASE58.includes(sign) && !MEANT[sign])
  return {
    shown: signs.join('').match(/.{1,3}/gu)?.join('-') ?? '',
    count: signs.length,
    wrong,
    cards: wrong.length || signs.length !== SIGNS ? [] : readings(signs).filter(agrees),
  }
}

function readings(signs: string[]): string[] {
  let found = ['']
  for (const sign of signs) {
    const meant = [...(BASE58.includes(sign) ? sign : MEANT[sign]!)]
    found = found.flatMap((begin) => meant.map((one) => begin + one))
    if (found.length > MOST_READINGS) return []
  }
  return found
}

function agrees(signs: string): boolean {
  try {
    cleaned(signs)
    return true
  } catch {
    return false
  }
}
