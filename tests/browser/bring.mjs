// What a worker brings: a CV, or everything from another node.
import assert from 'node:assert/strict';

const CV = `<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo>
<Identification><PersonName><FirstName>Nadia</FirstName><Surname>Nieuw</Surname></PersonName>
<ContactInfo><Address><Contact><AddressLine>Geheimstraat 1</AddressLine><PostalCode>8251AB</PostalCode></Contact></Address>
<Email><Contact>nadia@voorbeeld.example</Contact></Email></ContactInfo>
<Demographics><Birthdate year="1990"/></Demographics><Photo><Data>AAAA</Data></Photo></Identification>
<Headline><Type><Code>preferred_job</Code></Type><Description><Label>Lasser</Label></Description></Headline>
<WorkExperienceList><WorkExperience><Position><Label>Bakker</Label></Position><Activities>Ik reed heftruck in de hal.</Activities><Employer><Name>Geheimwerf</Name></Employer></WorkExperience></WorkExperienceList>
<Skills><Linguistic><MotherTongueList><MotherTongue><Description><Code>nl</Code></Description></MotherTongue></MotherTongueList></Linguistic>
<JobRelated><Description>TIG-lassen, Excell, Qwxzvk</Description></JobRelated></Skills>
</LearnerInfo></SkillsPassport>`;

// The form of the profile is filled in, and nothing is kept.
export async function bringCv(visitor, base) {
  const { page } = visitor;
  await page.goto(base + '/portal');
  await page.click('a[href="/portal/profile/import"]');
  await visitor.look('cv');
  await page.setInputFiles('#f-file', { name: 'cv.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
  await page.click('main form button');
  await visitor.says('Dit is een pdf', 'This is a PDF');
  await visitor.look('cv-wrong');
  await page.setInputFiles('#f-file', { name: 'cv.xml', mimeType: 'application/xml', buffer: Buffer.from(CV) });
  await page.click('main form button');
  await visitor.says('Er is nog niets bewaard', 'Nothing has been saved');
  assert.equal(await page.inputValue('#f-title'), 'Lasser');
  assert.equal(await page.inputValue('#f-postcode'), '8251');
  assert.ok((await page.locator('#skills input:checked').count()) === 1 && (await page.locator('#maybe-skills input[type=checkbox]').count()) > 0);
  const shown = await page.textContent('main');
  assert.ok(!shown.includes('Geheim') && !shown.includes('1990'), shown);
  // Of which skills its texts speak, with the words.
  assert.match(await page.textContent('#proposed'), /heftruck/);
  await visitor.look('cv-filled');
  // What it may mean stays until it is picked, whatever is looked for meanwhile.
  const proposed = await page.locator('#maybe-skills input[type=checkbox]').count();
  await page.fill('#f-find-skill', 'koken');
  await page.click('button[value=skill]');
  assert.equal(await page.locator('#maybe-skills input[type=checkbox]').count(), proposed);
  await page.fill('#f-description', 'Ik kan goed timmeren.');
  await page.click('button[value=read]');
  assert.match(await page.textContent('#proposed'), /timmeren/);
  await visitor.look('profile-read');
  await page.goto(base + '/portal/profile');
  assert.equal(await page.inputValue('#f-title'), '', 'nothing was kept');
}

// Everything of a worker at one node comes to another, where somebody new takes it in.
export async function moveTo(visitor, file, there) {
  const { page } = visitor;
  await page.goto(there.url + '/portal/welcome');
  await page.click('a.button');
  await page.click('button:has-text("Nadia Nieuw")');
  await page.click('a[href="/portal/move"]');
  await visitor.look('move');
  await page.setInputFiles('#f-file', file);
  await page.click('main form button');
  await visitor.says('Dit wordt uw profiel', 'This becomes your profile');
  await visitor.look('moving');
  await page.click('button[value=yes]');
  await visitor.says('Uw profiel is overgenomen', 'Your profile was taken over');
  await visitor.look('moved');
  await page.goto(there.url + '/portal/data/erase');
  await page.check('input[name=sure]');
  await page.click('button.stop');
  await visitor.says('Hier is alles gewist', 'Everything is erased here');
}
