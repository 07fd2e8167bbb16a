import { bothShapes, createIcon } from '@netcert/page/icon'

/** Own line icons on a grid of 24. */
const shapes = {
  ...bothShapes,
  card: 'M3.5 6h17v12h-17zM3.5 10h17M7 14.5h4',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  history: 'M4.5 12a7.5 7.5 0 1 0 2.4-5.5L4.5 8.7M4.5 4.5v4.2h4.2M12 8v4.4l3 1.8',
  family:
    'M8.5 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM16.5 8.5a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6zM3 19.5c.4-3.5 2.5-5.5 5.5-5.5s5.1 2 5.5 5.5M15 15.5c2.8-.6 5.3.9 5.7 4',
  shield: 'M12 3.5l7 2.5v5.5c0 4.5-2.9 7.6-7 9-4.1-1.4-7-4.5-7-9V6zM9 12l2.2 2.2L15.2 10',
  gear: 'M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM12 3v2.5M12 18.5V21M4.2 7.5l2.2 1.2M17.6 15.3l2.2 1.2M4.2 16.5l2.2-1.2M17.6 8.7l2.2-1.2',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  next: 'M9.5 5.5L16 12l-6.5 6.5',
  plus: 'M12 5v14M5 12h14',
  key: 'M8.5 9a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11.5 10.5L20 4M16.5 6.7l2.5 2.5',
  hidden:
    'M4 4l16 16M9.9 5.8A10 10 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.8 3.5M6.2 7.3A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9.5 9.5 0 0 0 4-.9',
  paste: 'M8 5H5.5v15.5h13V5H16M8.5 3h7v4h-7z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7L11.5 6.8M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1.5-1.5',
  shop: 'M4 9.5l1.5-5h13l1.5 5M4 9.5a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.7 2.7 0 0 0 5.3 0M5.5 12v8h13v-8M10 20v-4.5h4V20',
  gate: 'M4 20V5h5v15M20 20V5h-5v15M9 12h6M2.5 20h19',
  erase: 'M5 7h14M10 7V4.5h4V7M7 7l.8 13h8.4L17 7M10.5 10.5v6M13.5 10.5v6',
  flag: 'M6 21V4h11l-2 4 2 4H6',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
  pause: 'M8.5 5v14M15.5 5v14',
  help: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM9.6 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M12 16.6h.01',
} as const

/** Name of a drawing of this page. */
export type IconName = keyof typeof shapes

/** A drawing of this page. */
export const Icon = createIcon(shapes, 22)
