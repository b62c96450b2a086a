/** Paths on a grid of 20, drawn with a pen of 1.6. */
const ICONS = {
  close: 'M5 5 15 15M15 5 5 15',
  down: 'M10 4v12M5 11l5 5 5-5',
  up: 'M10 16V4M5 9l5-5 5 5',
  play: 'M7 4.5v11l8.5-5.5z',
  pause: 'M7 5v10M13 5v10',
  next: 'M6 5l7 5-7 5zM15 5v10',
  stop: 'M6 6h8v8H6z',
  clock: 'M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM10 6.5V10l2.5 1.8',
  sun: 'M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 2.5v1.8M10 15.7v1.8M2.5 10h1.8M15.7 10h1.8M4.7 4.7 6 6M14 14l1.3 1.3M15.3 4.7 14 6M6 14l-1.3 1.3',
  moon: 'M15.5 12.2A6.3 6.3 0 0 1 7.8 4.5a6.3 6.3 0 1 0 7.7 7.7z',
  system: 'M3.5 4.5h13v8.5h-13zM7.5 16.5h5M10 13v3.5',
  export: 'M10 12V3.5M6.5 6.5 10 3l3.5 3.5M4 11v5.5h12V11',
  ruler: 'M6 3v14M6 4h3M6 8h5M6 12h3M6 16h5',
  eye: 'M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z',
  trash: 'M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.7 10.5h7.6l.7-10.5',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  phone: 'M6 2.5h8v15H6zM9 15h2',
  talk: 'M3 4h14v9H9l-4 3.5V13H3z',
  sliders: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  book: 'M10 5.5C8 4 5.5 4 3.5 4.5v11c2-.5 4.5-.5 6.5 1 2-1.5 4.5-1.5 6.5-1v-11c-2-.5-4.5-.5-6.5 1zM10 5.5v11',
  home: 'M3.5 10 10 4l6.5 6M5.5 8.5V16h9V8.5',
  again: 'M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4',
  plus: 'M10 4v12M4 10h12',
  offline: 'M3 7.5a10 10 0 0 1 14 0M5.8 10.6a6 6 0 0 1 8.4 0M10 14.5h.01M4 3l12 14',
  check: 'M4 10.5 8 14.5 16 5.5',
} as const

export type IconName = keyof typeof ICONS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  )
}
