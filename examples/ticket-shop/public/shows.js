// What is on. `adults`: only for people of 18 and over.
export const shows = [
  {
    id: 'autumn',
    adults: false,
    poster: '/autumn.svg',
    title: { 'zh-CN': '秋水 · 民乐之夜', en: 'Autumn Water · an evening of folk music' },
    when: { 'zh-CN': '12 月 5 日（周六）19:30', en: 'Saturday 5 December, 7.30 pm' },
    about: {
      'zh-CN': '古琴、箫与二胡，七首新曲，无扩音。',
      en: 'Guqin, xiao and erhu: seven new pieces, nothing amplified.',
    },
  },
  {
    id: 'midnight',
    adults: true,
    poster: '/midnight.svg',
    title: { 'zh-CN': '午夜 · 爵士四重奏', en: 'Midnight · a jazz quartet' },
    when: { 'zh-CN': '12 月 12 日（周六）23:30', en: 'Saturday 12 December, 11.30 pm' },
    about: {
      'zh-CN': '酒吧开放，只接待年满 18 周岁的观众。',
      en: 'The bar is open: for people of 18 and over.',
    },
  },
  {
    id: 'lanterns',
    adults: false,
    poster: '/lanterns.svg',
    title: { 'zh-CN': '灯会 · 偶戏', en: 'Lanterns · a play of puppets' },
    when: { 'zh-CN': '12 月 19 日（周六）15:00', en: 'Saturday 19 December, 3 pm' },
    about: {
      'zh-CN': '给大人和孩子的一个小时。',
      en: 'One hour for children, and for those who were.',
    },
  },
]
