"""Two invented forms of another program, with the mess that such files have."""

MENTORS = """\
Timestamp,Email Address,First Name,Last Name,Current Institution,Type of Library,City,Job Title,Years in libraries,\
Can you mentor this year?,What areas could you help a mentee with? (check all that apply),Best times to meet,\
How do you prefer to work?,Year you attended MILE (if applicable),How many mentees could you take?,\
Anyone you should not be paired with?,T-shirt size
1/2/2026,ada@example.org,Ada,O’Berg,Loon Library,Public,Ely,Director,14 years,Yes,\
"Budgets, grants and money, Leadership",Any time,Structured,2009,2,Bo Falk,M
1/3/2026,cy@example.org,Cy,Dahl,Pine College,Academic (college/university),Cook,Dean,20+,Yes!,Teaching,\
"Mornings, Lunch",By a plan,N/A,one,No one,L
1/4/2026,di@example.org,Di,Ek,Fir Museum,Museum/archive,Isle,Head,less than 1,"No, sorry",Networking,Lunch,Hands on,,,,S
1/5/2026,ed@example.org,Ed,Fors,Elm System,Regional system,Bemidji,Director,9,Yes,Knitting,Evenings,Flexible,,,\
Ada O'Berg (my friend),S
"""
PARTICIPANTS = """\
Timestamp,Email Address,Full Name (for your name tag),Where do you work?,Library type,Town,Position,Years in libraries,\
Areas I want to grow in,When can you meet?,Goal #1,Goal #2,What challenges you most right now?,\
What do you hope to get from a mentor?,Mentor preference (1st choice),Mentor preference (2nd choice),Supervisor
1/2/2026,bo@example.org,Bo Falk,Oak Library,public library,Ely,Clerk,3,Leadership,Any time,Lead,,Time,Courage,Cy Dahl,\
Ada OBerg,Someone Else
1/3/2026,flo@example.org,Flo Gran,Ash School,School / K-12,Cook,Media specialist,about 7,\
"Teaching, Career change",Evenings,Teach,Write,,,n/a,,
"""

OTHER_MENTORS = """\
ID,Start time,Email,Name,Your first and last name,Name of your library,What type of library do you work in?,\
What city is your library in?,What is your current job title?,How long have you worked in libraries?,\
Which topics could you mentor someone in?,When are you usually free to meet?,Are you willing to mentor two people?,\
Which MILE class were you in?
1,1/5/26 9:00,ada@example.org,,Ada Berg,Loon Library,Public library,Ely MN,Director,10-15 years,\
Leadership;Supervising staff;Grants and budgets;,Weekday mornings;Evenings;,Yes,2015
2,1/5/26 9:00,cy@example.org,,Cy Dahl,Fir College,College or university library,Cook,Dean,Over 20 years,\
Technology;Other;,Lunchtime;,No,Class of 2008
"""
OTHER_PARTICIPANTS = """\
First,Last,Work Email,Workplace,Library kind,Town where you work,Role/Title,# of years in the profession,Focus areas,\
Your top goal,Second goal,Second mentor choice,Top mentor choice
Bo,Falk,bo@example.org,Oak Library,Public (city or county),Ely,Clerk,12 yrs.,"Managing people, Advocacy",Lead,,\
Ada Berg,Cy Dahl
"""
