// Leaflet with its own rules, in a file of its own: only pages with a map fetch it.
import 'leaflet/dist/leaflet.css'
export { control, divIcon, geoJSON, latLng, map, marker } from 'leaflet'
