export interface Shape {
  color: string
  /** Lies in a filled circle of the colour, and is drawn in white. */
  isFilled: boolean
  path: string
}

const GREEN = '#07c160'
const TICK = 'M6.5 12.4 10.4 16.3 17.6 8.6'
const BANG = 'M12 6.6V13.4M12 16.6V17'
const LETTER_I = 'M12 11V17.2M12 7.3V7.6'
const CROSS = 'M8.4 8.4 15.6 15.6M15.6 8.4 8.4 15.6'
const CLOCK = 'M12 6.6V12.6H16.4'
const ARROW_DOWN = 'M12 6.4V16.6M7.8 12.6 12 16.8 16.2 12.6'
const RING = 'M12 2.4A9.6 9.6 0 1 1 12 21.6A9.6 9.6 0 1 1 12 2.4'
const LENS = 'M10.4 4.4A6 6 0 1 1 10.4 16.4A6 6 0 1 1 10.4 4.4M14.9 14.9 20 20'
const SHIELD = 'M12 2.6 20 5.4V11C20 16 16.8 19.8 12 21.4 7.2 19.8 4 16 4 11V5.4Z'

const filled = (color: string, path: string): Shape => ({ color, isFilled: true, path })
const drawn = (color: string, path: string): Shape => ({ color, isFilled: false, path })

/** WeChat's types of `<icon>`, on a field of 24 by 24, and their colours. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  success: filled(GREEN, TICK),
  success_no_circle: drawn(GREEN, 'M3.6 12.6 9 18 20.4 6'),
  success_circle: drawn(GREEN, `${RING}${TICK}`),
  safe_success: drawn(GREEN, `${SHIELD}M8 11.8 11 14.8 16.2 9`),
  safe_warn: drawn('#ffbe00', `${SHIELD}M12 7V12.6M12 15.6V16`),
  info: filled('#10aeff', LETTER_I),
  info_circle: drawn('#10aeff', `${RING}${LETTER_I}`),
  warn: filled('#f43530', BANG),
  waiting: filled('#10aeff', CLOCK),
  waiting_circle: drawn('#10aeff', `${RING}${CLOCK}`),
  cancel: drawn('#f43530', `${RING}${CROSS}`),
  download: drawn(GREEN, `${RING}${ARROW_DOWN}`),
  search: drawn('#b2b2b2', LENS),
  clear: filled('#b2b2b2', CROSS),
}
