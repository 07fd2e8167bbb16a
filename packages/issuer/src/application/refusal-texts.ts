import { type Finding, type FindingText, said, text } from '../finding.js'

const compare = text('请与证件核对后重新申请。', 'Compare with the document and apply again.')
const bring = text('请补充后重新申请。', 'Bring it and apply again.')
const counter = text('请携带证件到窗口办理。', 'Come to the counter with the document.')

/** Why an application is refused; each code is stable. The compiler keeps the table complete. */
export const REFUSAL_TEXTS = {
  registry_missing: said(
    'document',
    text('尚未与权威数据源比对。', 'It was not compared with the authentic source.'),
    bring,
  ),
  registry_unknown: said(
    'document.number',
    text('权威数据源中没有该证件号码。', 'The authentic source does not have the document number.'),
    compare,
  ),
  registry_document_type: said(
    'document.type',
    text('该号码属于另一种证件。', 'The number is that of another kind of document.'),
    compare,
  ),
  registry_name: said(
    'given_name',
    text('姓名与权威数据源不一致。', 'The name is not the one in the authentic source.'),
    compare,
  ),
  registry_birthdate: said(
    'birthdate',
    text('出生日期与权威数据源不一致。', 'The birth date is not the one in the authentic source.'),
    compare,
  ),
  chip_other_document: said(
    'document',
    text('芯片属于另一份证件。', 'The chip is that of another document.'),
    compare,
  ),
  chip_other_person: said(
    'birthdate',
    text('芯片中的出生日期或性别不一致。', 'Birth date or sex in the chip differ.'),
    counter,
  ),
  evidence_missing: said(
    '',
    text(
      '缺少证件芯片、手机验证码或现场核验中的一项。',
      'One of document chip, phone code or presence is missing.',
    ),
    bring,
  ),
  face_missing: said(
    'assurance',
    text(
      '申请的级别需要人脸核验和证件核验，尚未完成。',
      'The level asked for needs a face check and a check of the document.',
    ),
    text('请完成核验，或申请较低级别。', 'Have the face compared, or apply for the lower level.'),
  ),
  re_enrolment_evidence_missing: said(
    '',
    text(
      '该人已注册；还需手机验证码、现场核验或恢复联系人确认。',
      'The person is enrolled already; phone code, presence or recovery contact is needed too.',
    ),
    bring,
  ),
  guardian_missing: said(
    'guardian',
    text(
      '未满十八周岁，需要监护人同意。',
      'The person is under 18 and needs the consent of a guardian.',
    ),
    text(
      '请监护人出示其网络身份凭证后重新申请。',
      'Have a guardian present their certificate and apply again.',
    ),
  ),
  guardian_for_adult: said(
    'guardian',
    text('已满十八周岁，应由本人申请。', 'The person is 18 or older and applies themself.'),
    text('请由本人重新申请。', 'Apply without a guardian.'),
  ),
  evidence_stale: said(
    '',
    text('核验结果已过期。', 'The evidence is too old.'),
    text('请重新申请并核验。', 'Apply again and bring it anew.'),
  ),
  // by an operator
  document_doubtful: said(
    'document',
    text('工作人员对证件存疑。', 'The operator doubts the document.'),
    counter,
  ),
  identity_doubtful: said(
    '',
    text('工作人员对身份存疑。', 'The operator doubts who applies.'),
    counter,
  ),
  not_voluntary: said(
    '',
    text('申请并非自愿。', 'The application is not voluntary.'),
    text('可随时自愿重新申请。', 'Apply again at any time, of your own will.'),
  ),
} as const satisfies Record<string, FindingText>

export type RefusalCode = keyof typeof REFUSAL_TEXTS

/** What an operator may refuse with; the rest follows from the rules. */
export const OPERATOR_REFUSALS = [
  'document_doubtful',
  'identity_doubtful',
  'not_voluntary',
] as const
export type OperatorRefusal = (typeof OPERATOR_REFUSALS)[number]

/** What is wrong with a member of an application that does not get as far as being kept. */
export const FIELD_TEXTS = {
  unknown_member: [
    text('未知的字段。', 'The member is unknown.'),
    text('请删除；只收集所列字段。', 'Remove it; nothing else is collected.'),
  ],
  missing_member: [text('缺少该字段。', 'The member is missing.'), text('请补充。', 'Add it.')],
  wrong_form: [
    text('该字段的形式不正确。', 'The member has the wrong form.'),
    text('请参照 application.schema.json。', 'Compare with application.schema.json.'),
  ],
  document_number: [
    text('号码不符合该证件的格式。', 'The number has not the form of that document.'),
    text('请与证件核对。', 'Compare with the document.'),
  ],
  document_number_check: [
    text('号码的校验码不正确。', 'The check character of the number is wrong.'),
    text('请与证件核对。', 'Compare with the document.'),
  ],
  birthdate: [
    text('不是日历上的日期，或在将来。', 'It is no day of the calendar, or in the future.'),
    text('请写成 YYYY-MM-DD。', 'Write YYYY-MM-DD.'),
  ],
  birthdate_mismatch: [
    text('与证件号码中的出生日期不一致。', 'It is not the birth date inside the document number.'),
    text('请与证件核对。', 'Compare with the document.'),
  ],
  name: [
    text(
      '姓名含有不允许的字符，或过长。',
      'The name holds a character that is not allowed, or is too long.',
    ),
    text('请只用汉字或拉丁字母及间隔号。', 'Use Han or Latin letters and the dot between parts.'),
  ],
  types: [
    text('没有该种凭证，或重复。', 'There is no such certificate, or it is named twice.'),
    text('请参照 application.schema.json。', 'Compare with application.schema.json.'),
  ],
  types_age: [
    text('该年龄不能持有该种凭证。', 'The certificate is not for people of that age.'),
    text(
      '未满 14 周岁请申请 ward-certificate，由监护人持有。',
      'Under 14 apply for a ward-certificate, which a guardian holds.',
    ),
  ],
  purposes_outdated: [
    text('同意的不是现行的处理目的。', 'The consent is not to the purposes in force.'),
    text(
      '请出示 `netcert application purposes` 并重新取得同意。',
      'Show `netcert application purposes` and ask for consent again.',
    ),
  ],
} as const satisfies Record<
  string,
  readonly [reason: FindingText['reason'], cure: FindingText['cure']]
>

export type FieldRefusal = keyof typeof FIELD_TEXTS

/** What is wrong with one member of an application, in words. */
export function findingOf(field: string, code: FieldRefusal): Finding {
  const [reason, cure] = FIELD_TEXTS[code]
  return { field, code, reason, cure }
}
