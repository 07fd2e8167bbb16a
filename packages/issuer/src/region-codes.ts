/** Province-level regions, ISO 3166-2:CN; the codes of the claim `residence_region`. */
export const REGION_CODES: ReadonlySet<string> = new Set(
  (
    'BJ TJ HE SX NM LN JL HL SH JS ZJ AH FJ JX SD HA HB HN GD GX HI CQ SC GZ YN XZ SN GS QH NX ' +
    'XJ TW HK MO'
  ).split(' '),
)
