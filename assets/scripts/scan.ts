// The code of a receipt from a photograph: <form data-scan> with [data-scan-open] and [data-scan-file]. The button
// stays hidden where the browser cannot read such codes. The picture does not leave the device.
import { announce, fresh } from './dom'

interface Detector {
  detect(image: ImageBitmap): Promise<{ rawValue: string }[]>
}
type Detectors = new (options: { formats: string[] }) => Detector

/** `https://…/follow/YH-7K3M-92QD/` or the bare code. */
export function codeIn(text: string): string {
  const parts = text.split(/[/?#]/).filter(Boolean)
  return parts[parts.length - 1] ?? ''
}

export function scan(root: ParentNode): void {
  const Found = (window as unknown as { BarcodeDetector?: Detectors }).BarcodeDetector
  if (!Found) return
  for (const form of fresh<HTMLFormElement>(root, 'form[data-scan]', 'scan')) {
    const button = form.querySelector<HTMLButtonElement>('[data-scan-open]')
    const file = form.querySelector<HTMLInputElement>('[data-scan-file]')
    const field = form.querySelector<HTMLInputElement>('input[name="code"]')
    if (!button || !file || !field) continue
    button.hidden = false
    button.addEventListener('click', () => file.click())
    file.addEventListener('change', () => {
      void (async () => {
        const picture = file.files?.[0]
        if (!picture) return
        try {
          const [code] = await new Found({ formats: ['qr_code'] }).detect(await createImageBitmap(picture))
          if (!code) throw new Error('no code')
          field.value = codeIn(code.rawValue)
          form.requestSubmit()
        } catch {
          field.setCustomValidity(file.dataset.none ?? '')
          field.reportValidity()
          announce(file.dataset.none ?? '')
          field.setCustomValidity('')
        } finally {
          file.value = ''
        }
      })()
    })
  }
}
