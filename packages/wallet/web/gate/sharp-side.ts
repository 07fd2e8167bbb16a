/**
 * The side of a code in CSS pixels that fits a room and gives each module a whole number of the screen's
 * own pixels: edges that fall between two are grey, and a camera has to guess.
 *
 * @param modules - On a side, with the quiet zone.
 * @param pixelRatio - The screen's own pixels for one CSS pixel.
 */
export function sharpSide(room: number, modules: number, pixelRatio: number): number {
  const perModule = Math.max(1, Math.floor((room * pixelRatio) / modules))
  return (perModule * modules) / pixelRatio
}
