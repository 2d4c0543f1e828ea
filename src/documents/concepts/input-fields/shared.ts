import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { variantAt } from '../syntax-variant.js';

/** Answers, settings and rows are no input; login and token forms are left out by the catalogue. */
export const notInput =
  /(?:Response|Public|Out|Output|Read|View|Result|Settings|Config|Options|InDB|DB|Row|Entity|Event|Message|Token|TokenPayload|Claims|Payload|Detail|Details|Info|Summary|Stats|Status|Health|Error|Login\w*|SignIn\w*|Logout\w*|RefreshToken\w*|Credentials)$|^(?:Login|SignIn|Logout|Refresh|Token|Auth|Response|Base|Config|Settings)/;
/** Fields that hold no free text whatever their type says. */
export const typed =
  /confirm|captcha|csrf|otp|(?:^|_)code$|^Code$|^password2$|^(?:old|current)_?password|(?:_|^)(?:id|uuid|ids|token|refresh_?token|access_?token|slug_id|locale|lang|timezone|status|type|role|sort(?:_?by)?|order(?:_?by)?|color|currency|country(?:_?code)?)$|Id$|[a-z](?:Token|Type|Status|Role)$/i;

export function field(source: Source, offset: number, technology: string, model: string, name: string, bounded: boolean): Item {
  return { path: source.path, line: source.at(offset).line, technology, model, name, bounded, variant: variantAt(source, offset) };
}
