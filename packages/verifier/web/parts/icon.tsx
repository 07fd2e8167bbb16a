import { bothShapes, createIcon } from '@netcert/page/icon'

/** Own line icons on a grid of 24. */
const shapes = {
  ...bothShapes,
  staff: 'M12 4a3.6 3.6 0 1 1 0 7.2A3.6 3.6 0 0 1 12 4zM4.5 20c.6-3.8 3.6-6 7.5-6s6.9 2.2 7.5 6',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  unfull: 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  silent: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  camera: 'M4 7.5h3.2L9 5h6l1.8 2.5H20v11H4zM12 9.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z',
  turn: 'M4.5 11a7.5 7.5 0 0 1 13-4L20 9.5M20 4.5v5h-5M19.5 13a7.5 7.5 0 0 1-13 4L4 14.5M4 19.5v-5h5',
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5 3.5 3.5 3-3 5 5M15.5 8.5h.01',
  online: 'M3 9.5a13 13 0 0 1 18 0M6 13a8.6 8.6 0 0 1 12 0M9 16.4a4.3 4.3 0 0 1 6 0M12 19.5h.01',
  pack: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  phone: 'M7.5 3h9v18h-9zM11 18h2',
} as const

/** Name of a drawing of this page. */
export type IconName = keyof typeof shapes

/** A drawing of this page. */
export const Icon = createIcon(shapes, 20)
