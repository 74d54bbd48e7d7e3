package report

// words are all that a report says in one language. Every field has a text, which a test checks for every language; where one is lacking all the same,
// the page has the English one and says so. %s and %[1]s stand for names, numbers, dates and money that are already in the reader's form.
type words struct {
	Language string // "en"

	// How numbers, dates and lists are written.
	Decimal, Thousands string
	PercentForm        string // "%s%%"
	SignFirst          string // "yes" where € stands before the number
	DateForm           string // day, month, year
	Months             string // twelve, with blanks between them
	And                string // between the last two of a list, with its blanks
	Open, Close        string // quotation marks
	To                 string // an interval: low, high
	OneCustomer        string
	Customers          string

	// The page as a whole.
	Title, OnDate, Covers string
	Translated            string // words that the language lacks
	WhatTableHolds        string // summary above a picture's table

	// Page 1.
	PlanTitle, PlanTitleLines, PlanTitleUnsure string // with natural segments, with lines that were drawn, and where that is a close call
	Start, StartNothing                        string
	StartTest                                  string
	Who, HowMany, Brought, Expected, Do        string
	Test, ExpectedUnknown                      string
	ShareOfCustomers, ShareOfMoney             string
	Interval                                   string
	Silent                                     string
	Point                                      string
	Typical                                    string // value of the segment, value of all
	NothingStandsOut                           string
	TestArms                                   string
	TestShowsBoth                              string // share, money, customers in a hundred
	TestShowsMoney, TestShowsOrders            string
	TestTooFew, NoTest, TestUnplanned          string
	All                                        string

	PeopleMoney, PeopleMoneyEven string
	PeopleMoneyAbout             string
	BarPeople, BarPast, BarAhead string
	SegmentHead, CustomersHead   string
	PastHead, AheadHead          string
	AheadLow, AheadHigh          string
	ShareCustomersHead           string
	SharePastHead                string
	ExpectedOff, ExpectedWithout string // for a segment whose forecast was far off; segments that a total leaves out

	MindTitle                                    string
	MindChange                                   string
	MindNatural, MindOtherNumber                 string
	MindLines, MindUntried                       string
	MindLinesApart, MindUnsure                   string
	MindApart                                    string // segments that stand apart, all others
	MindBetter, MindSame, MindWorse, MindUnasked string
	MindProofInside, MindProofOff                string
	MindProofFar                                 string // a segment, what was forecast, what came
	MindTooLow, MindTooHigh                      string // a share of what came
	MindClose, MindFarTooHigh                    string // where that share rounds to nothing, and where nothing came
	MindNoForecast                               string
	MindRemoved, MindOutside, MindSmall          string
	MindUnlisted                                 string // of how many customers, of all
	MindSeasons                                  string
	MindAgeOf                                    string            // a day
	MindAge                                      map[string]string // by the action of segkit track, those after which a person should look

	// Cards.
	CardsTitle, CardsAbout                 string
	CardShare                              string
	TypicalOne, TypicalAbout               string
	StandsOut, ColumnHead, HereHead        string
	AllHead                                string
	RuleTitle, RuleTakes, NoRule, RuleRest string
	RuleMisses, RuleErrs, RuleMissesErrs   string // where a rule misses most of a segment, takes mostly others, or both
	RulesTogether                          string // conditions, share of all customers, share of those that the rules were not made from
	OneCondition, Conditions               string
	RulesMiss                              string // segments
	Or, AtLeast, AtMost, Above, Below      string
	RuleAnd                                string
	SQLTitle                               string
	Later                                  string
	Small, Because, Hypothesis             string

	// Evidence.
	EvidenceTitle                                string
	CountTitle, CountTitleGiven                  string
	CountTitleLater, CountTitleFound             string // where there are no natural segments: what the number was taken for
	CountTitleNone                               string // the same where nothing speaks for the number
	CountAbout, CountAboutNone                   string
	CountLine, CountBand                         string
	CountKept                                    string // instead of the picture, where nothing was swept
	KHead, SpreadHead, OneGroupHead              string
	SilhouetteHead, SilhouetteOneHead, FoundHead string
	LaterHead                                    string
	LaterTitle, LaterTitleNone, LaterAbout       string
	LaterDifferenceHead, LikeOthers              string
	Low, High                                    string

	VerdictTitle, VerdictAbout string
	VerdictOf                  string // a day
	QuestionHead, AnswerHead   string
	MeaningHead                string
	Yes, Partly, No, NotJudged string
	Behind                     string
	Questions                  map[string]string // by demand
	Answers                    map[string]string // by demand and grade: "stable pass"

	// What has changed since earlier reports.
	MovementTitle, MovementLead, MovementStill  string
	MovementCalm                                string
	MovementAbout, MovesTitle                   string
	FromHead, ToHead, StillHead                 string
	BeforeHead, SinceHead                       string
	StateNone, StateAbsent                      string
	ThenNowTitle, ThenNowAbout, ThenBar, NowBar string
	ForecastsTitle, ForecastsAbout              string
	ForecastsRunning                            string
	ForecastsHeld, ForecastsPicture             string
	ForecastLabel, AsExpected                   string
	ReportHead, DaysHead, ForecastHead          string
	CameHead, HeldHead                          string

	// Appendix.
	CleaningTitle, CleaningAbout                            string
	CleaningApart                                           string // customers in the table, and left; money, and what is left
	CleaningMore                                            string // the same where the refunds that the report leaves out exceed the purchases
	StepHead, LinesHead, OrdersHead, SalesHead, RefundsHead string
	NetHead, Opening, Closing                               string
	Rules                                                   map[string]string // of cleaning
	DictionaryTitle, DictionaryAbout                        string
	MeansHead, UnitHead, RoleHead                           string
	Roles                                                   map[string]string
	Columns                                                 map[string]string // what a column of package features is
	Phrases                                                 map[string]string // a value of such a column in a sentence: "%s ordered"; %d is the number without its unit; "" leaves it to the column
	Highs, Lows                                             map[string]string // words for names of segments, as Column.High and Low
	Units                                                   map[string]string
	Choices                                                 map[string]string // what is decided, chosen, and why
	MethodTitle                                             string
	MethodFit, MethodScore, MethodForecast, MethodTest      string
	DecisionsTitle, DecisionHead, ChosenHead, WhyHead       string
	OriginTitle, OriginAbout                                string
	FileHead, ChecksumHead, BytesHead                       string
	MadeBy, OwnData                                         string

	// Plays of the play book, by their names: what they are called, what to do, what a success is, what only a test can show.
	PlayNames, PlayDo, PlaySuccess, PlayHypothesis map[string]string
}
