/** The issuer's logo: a ring and a tick, drawn for this project. */
export const LOGO_SVG = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">',
  '<rect width="64" height="64" rx="14" fill="#0b3d6b"/>',
  '<circle cx="32" cy="32" r="21" fill="none" stroke="#fff" stroke-width="4"/>',
  '<path d="M23 33l7 7 12-15" fill="none" stroke="#ffcd5a" stroke-width="5" ',
  'stroke-linecap="round" stroke-linejoin="round"/></svg>',
].join('')

/** The same, 96 by 96 pixels. */
export const LOGO_PNG: Uint8Array = Buffer.from(
  [
    'iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAYAAADimHc4AAAE3UlEQVR42u1dvWtUQRDfPkX6/Aeprk0j10msrETxO6jx',
    'CytNIShXxTYKgth4opXaBawED4KtnmlTBQQr4UCwfr7fcR6XM++9/ZiZnZfMg8GYy723O7+Z+c3s7tt1LuFaOHG3W0qv',
    'lEEpw1KKYyLDSZ/R966TvMoHdkrplzI6RgpvktFEJx1uxQ9M2Y0yIAWivNliKVum2GCBzhYprH5oykziik6K8i3O0/BD',
    'x5TfFhBM+RlBmBCuxXxeTlisA8CyHYHsqC70mIJkpHMYAFZkCRZrZv2avGAyjqG+0av3no5l89XHQ+Xf5y0BoD8LgLq0',
    'c2XtSbHx7EOxvfO92P/5qwi98B18F/fAvTSmpbNDyioatXzmcfH8/ecohfsAgnvjGYpA6LrJmHbWhpx9+LLY+bZXSF14',
    'Fp6pAIBe1uwH8ZrD2kO8IjNnDFyOyhdhQNLifTwiU2gaOumHghRTLBbKQiyfz4DwO3yW4lFom7Q+xABYOvUg2Op3935M',
    '08uY8Ibv4h6h3oC2HikAkAaOfv/xtnIojjIk4F64p693oK1SqauTIFof5UM565tv2DuMZ/gAgTZLELTj7qxPR2Gd0rEX',
    'z/QxDG6jcJyWrzj7CMrGOD3B5Yr5Oay+zhtycYLjyHbqlI/PJGJ9TLhsajdHdkQOQJ1LS2YXHJ6LvqkGoK7I0q58XxCo',
    'izVHSWg5swnJ7I0ycXASoUcT4VIQM2UoctwpJ0fclJI6o6JKTUkAqKosEUuVTYAEh9UqPkCfVQCAiY02hp7VtfWxpIQi',
    'ikkdx+WmVBZCPvt250Yx+nKhKL6eHwt+xu9iPJwivDquzEdj1rNy7uZU8fOCz2KyotQQmwQAJkHaYv1LJ28fsPx5efvi',
    'apQXQAfZAKhqlMbYv7t9qVL5kJ13l6O4INXYXErFKFGoUAisu075Ph5QF25TKnxHPeyAKUBVVe39643Kb+KAqRdVTG+m',
    'DE9EA4BVZ9rDTx3pzgpASqmOoQtxAKriv5a1mU2k6xt6fCr+FB6IBqDqagvpQvA3ufvtKMd+tKSfPqQL74CX5PZ8UgA0',
    'DLxRkm5I5S8KQBUZxRYly6dvjcdl8K8m0g0pPmOTD1IAQhuBELD9+soB5eD/MaGBg3Q5+64CgHnlz5JjKAhcpHtkAUC4',
    'aVKWLwicpHtkAUDM97HYJqVxk26rAAgh4SYP8AFBgnRVkjBVGlrFAT4gSJGuyjSUqhCDEn3I8zAQpEhXZSFGWZLHgCBJ',
    'uiqHIqgtIQSE/U8XRUlX7WAc9XB0CAiSpKt2OJpjQoYCBGrSVTshwzUlmQICB+mqnZLknJSPAYGLdNVOynMvSwkFgYN0',
    '1S9L4V6Y5QsCF+mqX5glsTSxCQRO0lW/NFFqcW4VCJyk25rFuZLL0zceXRuvYIPgZ1uebi9o2CtK9oqSvaRnr6naa6r2',
    'orZtVWBbFdhmHbZdjW1XYxs22ZZltmWZbdpn21batpW2cWsQALZ1ceatiwfZNsywzbsHtn19XunZAQ55pWtHmOSTkR3i',
    'k1f6doxVXunYQW45sx87ylCR9dthnqKyZcfZ5pP642ztQGfetHPBTtVugfINBAXKnwPBOCEt5scpf46YLTuKyHYaCTfC',
    'G6xY8yiykq3eA4i+8cN/cb7PqvgKMLqT+YTBMeOK4aTPvemQcuT1F7TzZa6BbUwvAAAAAElFTkSuQmCC',
  ].join(''),
  'base64',
)

/**
 * The logo by value, so that a wallet shows it without asking anybody (HAIP 1.0 §4.1). As PNG:
 * wallets are about that take no `+` in a media type, and refuse the whole metadata for it.
 */
export const LOGO_DATA_URI = `data:image/png;base64,${Buffer.from(LOGO_PNG).toString('base64')}`
