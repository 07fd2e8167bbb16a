/** Where somebody lives, by the codes of ISO 3166-2:CN. */
const regions = {
  BJ: ['北京', 'Beijing'],
  TJ: ['天津', 'Tianjin'],
  HE: ['河北', 'Hebei'],
  SX: ['山西', 'Shanxi'],
  NM: ['内蒙古', 'Inner Mongolia'],
  LN: ['辽宁', 'Liaoning'],
  JL: ['吉林', 'Jilin'],
  HL: ['黑龙江', 'Heilongjiang'],
  SH: ['上海', 'Shanghai'],
  JS: ['江苏', 'Jiangsu'],
  ZJ: ['浙江', 'Zhejiang'],
  AH: ['安徽', 'Anhui'],
  FJ: ['福建', 'Fujian'],
  JX: ['江西', 'Jiangxi'],
  SD: ['山东', 'Shandong'],
  HA: ['河南', 'Henan'],
  HB: ['湖北', 'Hubei'],
  HN: ['湖南', 'Hunan'],
  GD: ['广东', 'Guangdong'],
  GX: ['广西', 'Guangxi'],
  HI: ['海南', 'Hainan'],
  CQ: ['重庆', 'Chongqing'],
  SC: ['四川', 'Sichuan'],
  GZ: ['贵州', 'Guizhou'],
  YN: ['云南', 'Yunnan'],
  XZ: ['西藏', 'Tibet'],
  SN: ['陕西', 'Shaanxi'],
  GS: ['甘肃', 'Gansu'],
  QH: ['青海', 'Qinghai'],
  NX: ['宁夏', 'Ningxia'],
  XJ: ['新疆', 'Xinjiang'],
  HK: ['香港', 'Hong Kong'],
  MO: ['澳门', 'Macao'],
  TW: ['台湾', 'Taiwan'],
} as const

/** The same as words for values of `residence_region`. */
export const regionWords = (side: 0 | 1): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(regions).map(([code, names]) => [`residence_region:${code}`, names[side]]),
  )
