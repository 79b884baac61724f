# What offers and profiles say.

purpose-match-vacancy = Seeing whether a vacancy suits you
purpose-be-contacted = Contacting you about work
purpose-training-advice = Advising you about training
purpose-application = Your application
purpose-regional-statistics = Counting how the labour market does, without names

field-title = what is looked for, in one line
field-description = description
field-skills = skills
field-occupationsWanted = occupations wanted
field-occupationsHeld = earlier occupations
field-education = highest education
field-hours = hours a week
field-periodWishes = wishes for periods
field-workingTimes = parts of the day and working times
field-contracts = kind of contract
field-employersAtOnce = number of employers at once
field-availableFrom = available from
field-availableUntil = available until
field-postcode = the four digits of the postcode
field-commute = means and time of travel
field-languages = languages
field-licences = driving licences
field-sectors = sectors
field-interests = interests
field-salaryWish = wage wanted
field-contact-name = name
field-contact-email = e-mail address
field-contact-telephone = telephone number

range = { $least } to { $most }
range-one = { $value }

offer-title = In one line
offer-description = Description
offer-skills = Skills
offer-skill-level = level { $level } of 5
offer-wanted = Occupations wanted
offer-held = Earlier occupations
offer-years =
    { $years ->
        [one] one year
       *[other] { $years } years
    }
offer-education = Education
offer-hours = Hours a week
offer-times = When
offer-flexible = Flexible.
offer-contracts = Kind of contract
offer-employers = Employers at once, at most
offer-from = Available from
offer-until = Available until
offer-wishes = Wishes for periods
offer-postcode = Postcode
offer-commute = Travel
offer-minutes = at most { $minutes } minutes
offer-kilometres = at most { $kilometres } kilometres
offer-languages = Languages
offer-licences = Driving licence
offer-sectors = Sectors
offer-interests = Interests
offer-salary = Wage wanted
offer-at-least = at least
offer-at-most = at most
offer-contact-name = Name
offer-contact-email = E-mail
offer-contact-telephone = Telephone

evidence-diploma = diploma
evidence-certificate = certificate
evidence-microcredential = microcredential
evidence-open-badge = open badge
evidence-work = work experience
evidence-self-declared = their own word

education-10 = Basic education or mbo 1 (NLQF 1)
education-20 = Vmbo or mbo 2 (NLQF 2)
education-30 = Mbo 3 (NLQF 3)
education-40 = Mbo 4 or havo (NLQF 4)
education-45 = Vwo (NLQF 4+)
education-50 = Associate degree (NLQF 5)
education-60 = Bachelor (NLQF 6)
education-70 = Master (NLQF 7)
education-80 = Doctorate (NLQF 8)

contract-permanent = permanent
contract-fixed-term = fixed term
contract-secondment = secondment
contract-apprenticeship = apprenticeship (bbl)
contract-internship = internship
contract-work-experience = work experience
contract-temporary-agency = temporary agency work
contract-on-call = on call
contract-freelance = freelance
contract-seasonal = seasonal work
contract-volunteer = volunteer work

mode-car = by car
mode-bike = by bicycle
mode-public-transport = by public transport
mode-walk = on foot

wish-more-hours = more hours
wish-fewer-hours = fewer hours
wish-study-beside-work = study beside work

per-hour = an hour
per-day = a day
per-week = a week
per-month = a month
per-year = a year

part-mon-morning = Monday morning
part-mon-afternoon = Monday afternoon
part-mon-evening = Monday evening
part-mon-night = Monday night
part-tue-morning = Tuesday morning
part-tue-afternoon = Tuesday afternoon
part-tue-evening = Tuesday evening
part-tue-night = Tuesday night
part-wed-morning = Wednesday morning
part-wed-afternoon = Wednesday afternoon
part-wed-evening = Wednesday evening
part-wed-night = Wednesday night
part-thu-morning = Thursday morning
part-thu-afternoon = Thursday afternoon
part-thu-evening = Thursday evening
part-thu-night = Thursday night
part-fri-morning = Friday morning
part-fri-afternoon = Friday afternoon
part-fri-evening = Friday evening
part-fri-night = Friday night
part-sat-morning = Saturday morning
part-sat-afternoon = Saturday afternoon
part-sat-evening = Saturday evening
part-sat-night = Saturday night
part-sun-morning = Sunday morning
part-sun-afternoon = Sunday afternoon
part-sun-evening = Sunday evening
part-sun-night = Sunday night

sector-A = agriculture, forestry and fishing
sector-B = mining
sector-C = industry
sector-D = energy
sector-E = water and waste
sector-F = construction
sector-G = trade
sector-H = transport and storage
sector-I = hotels and restaurants
sector-J = information and communication
sector-K = financial services
sector-L = real estate
sector-M = consultancy and research
sector-N = business services
sector-O = government
sector-P = education
sector-Q = health and social work
sector-R = culture, sport and recreation
sector-S = other services
sector-T = households
sector-U = international organisations

day-mon = Monday
day-tue = Tuesday
day-wed = Wednesday
day-thu = Thursday
day-fri = Friday
day-sat = Saturday
day-sun = Sunday
day-short-mon = Mo
day-short-tue = Tu
day-short-wed = We
day-short-thu = Th
day-short-fri = Fr
day-short-sat = Sa
day-short-sun = Su

times-morning = morning
times-afternoon = afternoon
times-evening = evening
times-night = night

language-nl = Dutch
language-en = English
language-de = German
language-fr = French
language-pl = Polish
language-ar = Arabic
language-tr = Turkish
language-uk = Ukrainian
