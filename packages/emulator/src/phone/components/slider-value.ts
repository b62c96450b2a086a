export interface Range {
  min: number
  max: number
  step: number
}

/** The value of the range's steps that is nearest; a step must be positive, else it counts as 1. */
export function snap(value: number, { min, max, step }: Range): number {
  if (!(max > min)) return min
  const stride = step > 0 ? step : 1
  const within = Math.min(max, Math.max(min, value))
  const snapped = min + Math.round((within - min) / stride) * stride
  return Number(Math.min(max, Math.max(min, snapped)).toFixed(10))
}

/** Where it stands between the ends, from 0 to 1. */
export function portionOf(value: number, { min, max }: Range): number {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0
}
