# Bringing a CV, and moving in.

cv-have = I have a CV: fill in my profile with it
cv-title = Use your CV
cv-lead = Choose the file of your CV. We fill in your profile with it, so that you have less to type. You look at it and keep it yourself. We do not keep the file.
cv-file = The file of your CV
cv-hint = From Europass (xml) or JSON Resume (json), at most 1 MB.
cv-read = Fill in my profile
cv-which = Which files?
cv-which-europass = Europass: open your CV at the site of Europass and download it as XML. An older XML file of Europass will do too.
cv-which-json = JSON Resume: the file is often called resume.json.
cv-which-pdf = We cannot read a PDF or a Word file. Nor a PDF of Europass.
cv-never = What we do not read
cv-never-what = Your photo, date of birth, gender, nationality, address and citizen service number, and anything about your health. Nor at which employers and schools you were: your profile has no place for it.

cv-wrong-nothing = You chose no file yet, or it is empty.
cv-wrong-large = This file is too large: at most 1 MB. Is there a photo in it? Then make a CV without one and try again. Nothing was kept.
cv-wrong-pdf = This is a PDF. We cannot read it. Download your CV at Europass as XML and try again.
cv-wrong-form = This is no CV of Europass or JSON Resume that we can read. Nothing was kept.
cv-wrong-entities = In this file is something that does not belong in a CV (a document type, or abbreviations of its own). Download your CV at Europass anew. Nothing was kept.

cv-filled = Your CV is filled in. Nothing has been saved yet.
cv-look = Look at all of it, change what you like, and choose at the end: Save my profile.
cv-taken = This came from your CV:
cv-taken-nothing = There was nothing in your CV to use that was not in your profile already.
cv-maybe = Of some words we are not sure what you mean. There are proposals; pick what is right.
cv-maybe-occupations = Did you do this, or is it like it? Pick what you want:
cv-maybe-skills = Perhaps you mean this. Pick what you can do:
cv-left = What we left out
cv-unknown =
    { $count ->
        [one] One word we do not know
       *[other] { $count } words we do not know
    }
cv-left-photo = your photo or an attachment
cv-left-birth = your date or place of birth
cv-left-gender = your gender
cv-left-nationality = your nationality
cv-left-health = something about your health
cv-left-address = your street and house number
cv-left-employers = whom you worked for
cv-left-schools = which schools you went to
cv-left-texts = what you wrote about your work, and how you work with others; we did look which skills you name there
cv-left-languages = a language that your profile does not ask after, or without a level (A1 to C2): choose that yourself
cv-left-links = addresses of sites
cv-left-references = references
cv-left-others = certificates, projects, hobbies, voluntary work and whatever else stands in it
cv-left-personal = a text with something in it that may not stand in a profile: a citizen service number, something about health or belief, or an address

move-title = Moving
move-lead = Another organisation can keep your profile for you. You take everything along. Nobody sees anything there until you share it there again.
move-here = Moving in
move-here-how = Get the file at your old organisation under: My data, Take along. Choose it here. You see first exactly what happens with it.
move-has-profile = You have a profile here already. There cannot be another beside it. If you want the one of another organisation, first erase everything here.
move-file = The file that you bring
move-hint = It is called polder-export.json, and is at most 30 days old.
move-look = See what happens
move-kept = Your profile was taken over. Nobody sees it so far.
move-kept-on = To the first page
move-brought = You brought along from:
move-brought-where = What stood there about you is in the file that you can take along here.
move-away = Moving away
move-away-file = Download everything in one file.
move-away-there = Have it taken over at your new organisation, within 30 days.
move-away-erase = See whether everything is there. Then erase it here.
move-away-download = Download everything

move-wrong-large = This file is larger than a file to move with ever is. Get it anew. Nothing was taken over.
move-wrong-form = This is no file to move with. Get it at your old organisation under: My data, Take along. Nothing was taken over.
move-wrong-now = We cannot take this file over. It was changed, is older than 30 days, is of here, or comes from an organisation that takes no part. Get a new file at your old organisation. Nothing was taken over.
move-wrong-taken = This file was taken over before, or you have a profile here already. Nothing was changed.
move-wrong-profile = In the profile in this file is something that may not stand here. Mend it at your old organisation and get a new file. Nothing was taken over.
move-wrong-gone = You waited too long, or began in another window. Choose the file once more. Nothing was taken over.

moving-title = Is this right?
moving-lead = This file is signed by { $name }.
moving-made = Made on { $moment }.
moving-profile = This becomes your profile
moving-asks =
    { $count ->
        [0] You shared nothing
        [one] One thing you shared. You can share it here again
       *[other] { $count } things you shared. You can share them here again
    }
moving-asks-why = Here nobody sees anything until you say yes again. We ask you on the first page.
moving-asks-nothing = You shared nothing, or those who saw it take no part here.
moving-others = For these organisations you are asked nothing, since they take no part here or may not do this:
moving-old = Nothing changes at your old organisation by this. Stop and erase it there yourself, once everything is well here.
moving-no = No, do not take it over
moving-yes = Yes, take it over

data-move = Moving
data-move-about = Bring your profile along from another organisation, or leave.
moving-applied = Your applications do not come along: they go on at your old organisation. If you erase everything there, they stop.
cv-left-education = an education whose level we do not recognise: choose it yourself
cv-proposed =
    { $count ->
        [one] We read one skill in what you wrote. See whether it is right.
       *[other] We read { $count } skills in what you wrote. See which are right.
    }
