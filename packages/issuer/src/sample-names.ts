/** Names drawn at random for people who do not exist. */
export const SAMPLE_FAMILY_NAMES = [
  ...Array.from(
    '王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏',
  ),
  '欧阳',
  '司马',
  '诸葛',
  '上官',
]

/** Some of them stand beyond the Basic Multilingual Plane, as in real registers. */
export const SAMPLE_GIVEN_CHARACTERS = [
  ...Array.from(
    '伟芳娜敏静丽强磊军洋勇艳杰涛明超兰霞平刚桂英华玉梅红子轩涵梓睿怡欣雨诗曦泽墨晨浩鑫国志春文辉',
  ),
  '𠮷',
  '龘',
  '䶮',
  '㛃',
]

export const SAMPLE_MINORITY_NAMES = [
  '阿依古丽·买买提',
  '努尔兰·赛里克',
  '才让·卓玛',
  '格桑·德吉',
  '买买提·吐尔逊',
  '阿卜杜拉·吾斯曼',
  '斯琴高娃',
  '𠮷野',
]

export const SAMPLE_FOREIGN_PEOPLE = [
  { familyName: 'Kim', givenName: 'Ji-woo', nationality: 'KOR' },
  { familyName: "O'Brien", givenName: 'Siobhán', nationality: 'IRL' },
  { familyName: 'Okonkwo', givenName: 'Chinụa', nationality: 'NGA' },
  { familyName: 'Müller', givenName: 'Jürgen', nationality: 'DEU' },
  { familyName: 'da Silva', givenName: 'João Pedro', nationality: 'BRA' },
  { familyName: 'Smith', givenName: 'Mary Jane', nationality: 'USA' },
  { familyName: 'Đặng', givenName: 'Thị Mỹ Lệ', nationality: 'VNM' },
  { familyName: '', givenName: 'Suharto', nationality: 'IDN' },
] as const
