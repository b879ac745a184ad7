// How many characters are left: <p data-counter="还可以写{n}字" data-over="多了{n}字" data-for="id_text">, shown from four fifths on.
import { fresh } from './dom'

export function counters(root: ParentNode): void {
  for (const place of fresh(root, '[data-counter]', 'counter')) {
    const field = document.getElementById(place.dataset.for ?? '') as HTMLTextAreaElement | null
    const most = Number(place.dataset.most ?? field?.maxLength ?? 0)
    if (!field || most <= 0) continue
    const say = (): void => {
      const left = most - [...field.value].length
      const text = left < 0 ? (place.dataset.over ?? place.dataset.counter) : place.dataset.counter
      place.textContent = left < most / 5 ? (text ?? '').replace('{n}', String(Math.abs(left))) : ''
    }
    field.addEventListener('input', say)
    say()
  }
}
