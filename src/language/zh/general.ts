// What mails and pages of every kind have in common: quantities, moments, the choice of a language.

export const general = {
  'quantity.files': '{count, plural, other {# 个文件}}',
  'moment.full': '{date} {time}（{zone}）',
  'moment.lessThanAMinute': '不到一分钟',
  'line.fact': '{name}：{value}',
  'languages.label': '语言',
} as const;
