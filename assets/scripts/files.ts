// Chosen photographs and papers are shown before they are sent, and one can be taken out again.
// <input type="file" data-files="LIST-ID" data-remove="去掉{name}" data-most-bytes="20971520" data-too-large="…{name}…">
import { announce, fresh, icon } from './dom'

// A second choice adds to the first: a phone's camera gives one photograph at a time.
const chosen = new WeakMap<HTMLInputElement, File[]>()

function same(one: File, other: File): boolean {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified
}

function gather(input: HTMLInputElement): void {
  if (!input.multiple) return
  const before = chosen.get(input) ?? []
  const now = [...(input.files ?? [])]
  const all = new DataTransfer()
  for (const file of [...before.filter((old) => !now.some((file) => same(old, file))), ...now]) all.items.add(file)
  input.files = all.files
  chosen.set(input, [...all.files])
}

function fill(list: HTMLElement, input: HTMLInputElement): void {
  for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src)
  list.replaceChildren()
  const files = [...(input.files ?? [])]
  files.forEach((file, index) => {
    const row = document.createElement('li')
    if (/^image\/(jpeg|png|gif|webp|avif)$/.test(file.type)) {
      const image = document.createElement('img')
      image.src = URL.createObjectURL(file)
      image.alt = ''
      row.append(image)
    }
    const name = document.createElement('small')
    name.textContent = file.name
    const remove = document.createElement('button')
    remove.type = 'button'
    remove.setAttribute('aria-label', (input.dataset.remove ?? '{name}').replace('{name}', file.name))
    const face = document.createElement('span')
    face.append(icon('x'))
    remove.append(face)
    remove.addEventListener('click', () => {
      const rest = new DataTransfer()
      files.forEach((other, place) => place !== index && rest.items.add(other))
      chosen.set(input, [...rest.files])
      input.files = rest.files
      input.dispatchEvent(new Event('change', { bubbles: true }))
      input.focus()
    })
    row.append(name, remove)
    list.append(row)
  })
}

export function files(root: ParentNode): void {
  for (const input of fresh<HTMLInputElement>(root, 'input[type="file"][data-files]', 'files')) {
    const list = document.getElementById(input.dataset.files ?? '')
    if (!list) continue
    input.addEventListener('change', () => {
      gather(input)
      const most = Number(input.dataset.mostBytes ?? Infinity)
      const large = [...(input.files ?? [])].find((file) => file.size > most)
      const text = large ? (input.dataset.tooLarge ?? '').replace('{name}', large.name) : ''
      input.setCustomValidity(text)
      if (text) {
        announce(text)
        input.reportValidity()
      }
      fill(list, input)
    })
  }
}
