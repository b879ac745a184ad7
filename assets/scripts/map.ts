// The street's communities, drawn from our own outlines: no tiles, no other host. A click chooses the community and sets a
// point; what the map does can be done without it, by the list of communities and in words.
import type { GeoJSON, LatLng, Map as Plan, Marker, Path } from 'leaflet'
import { fresh } from './dom'

type Ring = [number, number][]
interface Place {
  unit: number
  name: string
  label: string
}
interface Area {
  properties: Place
  geometry: { coordinates: Ring[] }
}

/** Whether a point lies within a ring: how often a ray from it crosses the ring. */
export function within(longitude: number, latitude: number, ring: Ring): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x, y] = ring[i]!
    const [u, v] = ring[j]!
    if (y > latitude !== v > latitude && longitude < ((u - x) * (latitude - y)) / (v - y) + x) inside = !inside
  }
  return inside
}

function areaOf(areas: Area[], longitude: number, latitude: number): Area | undefined {
  return areas.find((area) => within(longitude, latitude, area.geometry.coordinates[0] ?? []))
}

async function show(box: HTMLElement): Promise<void> {
  const answer = await fetch(box.dataset.map ?? '', { headers: { Accept: 'application/json' } })
  if (!answer.ok) return
  const areas = ((await answer.json()) as { features: Area[] }).features
  if (!areas.length) return
  const { L, plan, layer } = await drawn(box, areas)
  const shown = box.dataset.shown?.split(',').map(Number)
  if (shown) {
    point(L, plan).setLatLng([shown[1]!, shown[0]!])
    return
  }
  choosing(box, areas, L, plan, layer)
}

async function drawn(box: HTMLElement, areas: Area[]) {
  const L = await import('./leaflet')
  box.hidden = false
  const plan = L.map(box.querySelector<HTMLElement>('.lx-map')!, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, dragging: false,
    zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false,
  }) // prettier-ignore
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(plan)
  const layer = L.geoJSON({ type: 'FeatureCollection', features: areas } as never, {
    style: { className: 'lx-map-area' },
    onEachFeature: (feature, area) => {
      const name = document.createElement('span')
      name.textContent = (feature.properties as Place).label
      area.bindTooltip(name, { permanent: true, direction: 'center', className: 'lx-map-name' })
    },
  }).addTo(plan)
  plan.fitBounds(layer.getBounds(), { paddingTopLeft: [60, 8], paddingBottomRight: [8, 8] })
  const whole = plan.getZoom()
  plan.setMinZoom(whole).setMaxZoom(whole + 4).setMaxBounds(layer.getBounds().pad(0.2))
  // On a phone a finger on the whole map scrolls the page; once it is enlarged, it moves the map.
  plan.on('zoomend', () => (plan.getZoom() > whole ? plan.dragging.enable() : plan.dragging.disable()))
  return { L, plan, layer }
}

function point(L: typeof import('./leaflet'), plan: Plan): Marker {
  const icon = L.divIcon({ className: 'lx-map-point', iconSize: [28, 36], iconAnchor: [14, 36] })
  return L.marker(plan.getCenter(), { icon, keyboard: false, interactive: false }).addTo(plan)
}

function choosing(box: HTMLElement, areas: Area[], L: typeof import('./leaflet'), plan: Plan, layer: GeoJSON): void {
  const list = document.getElementById(box.dataset.place ?? '') as HTMLSelectElement
  const spot = document.getElementById(box.dataset.spot ?? '') as HTMLInputElement
  const says = box.querySelector<HTMLElement>('[data-map-says]')!
  const here = box.querySelector<HTMLButtonElement>('[data-map-here]')!
  const clear = box.querySelector<HTMLButtonElement>('[data-map-clear]')!
  let marker: Marker | null = null

  const light = (): void => {
    layer.eachLayer((one) => {
      const unit = (one as Path & { feature: { properties: Place } }).feature.properties.unit
      ;(one as Path).getElement()?.classList.toggle('lx-map-chosen', String(unit) === list.value)
      if (String(unit) === list.value) (one as Path).bringToFront()
    })
  }
  const take = (where: LatLng): void => {
    const area = areaOf(areas, where.lng, where.lat)
    if (!area) {
      says.textContent = box.dataset.outside ?? ''
      return
    }
    marker ??= point(L, plan)
    marker.setLatLng(where)
    spot.value = `${where.lng.toFixed(5)},${where.lat.toFixed(5)}`
    list.value = String(area.properties.unit)
    list.dispatchEvent(new Event('change', { bubbles: true }))
    says.textContent = (box.dataset.set ?? '').replace('{name}', area.properties.name)
    clear.hidden = false
    light()
  }
  const drop = (): void => {
    marker?.remove()
    marker = null
    spot.value = says.textContent = ''
    clear.hidden = true
  }
  const [longitude, latitude] = spot.value.split(',').map(Number)
  if (spot.value && Number.isFinite(longitude) && Number.isFinite(latitude)) take(L.latLng(latitude!, longitude!))
  light()
  plan.on('click', (event) => take(event.latlng))
  list.addEventListener('change', light)
  clear.addEventListener('click', drop)
  box.closest('form')?.addEventListener('lx:cleared', drop)
  if (!('geolocation' in navigator)) return
  here.hidden = false
  here.addEventListener('click', () => {
    says.textContent = box.dataset.asking ?? ''
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => take(L.latLng(coords.latitude, coords.longitude)),
      () => (says.textContent = box.dataset.refused ?? ''),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    )
  })
}

export function maps(root: ParentNode): void {
  for (const box of fresh<HTMLElement>(root, '[data-map]', 'map')) void show(box).catch(() => (box.hidden = true))
}
